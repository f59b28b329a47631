/*
 * Libraries print what phones send where DEBUG is set: addresses, agents, tokens (A1). They look at
 * it as they are loaded, so a program imports this before anything else.
 */
delete process.env.DEBUG;
