/** A command could not do its work, for a reason that its message tells in full. No stack is printed. */
export class Failure extends Error {}
