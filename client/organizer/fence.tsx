import { Component, type ComponentChildren } from 'preact';

type Props = {
  /** What the children draw; when it changes, they are tried again. */
  of: unknown;
  /** Stands in the place of what cannot be drawn. */
  otherwise: ComponentChildren;
  children: ComponentChildren;
};

/** One datum that cannot be drawn takes nothing along but its own place (F9). */
export class Fence extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static override getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
  }

  override componentDidUpdate(before: Props) {
    if (this.state.failed && before.of !== this.props.of) this.setState({ failed: false });
  }

  override render() {
    return this.state.failed ? this.props.otherwise : this.props.children;
  }
}
