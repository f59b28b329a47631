/*
 * Libraries print what phones send where DEBUG is set: addresses, agents, tokens (A1). They look at
 * it as they are loaded, so a program imports this before anything else.
 */
delete process.env.DEBUG;

/*
 * And what a library warns of would stand between the lines that say what is wrong: ioredis prints
 * where it is not let ask for something, and goes on.
 */
console.warn = () => {};
