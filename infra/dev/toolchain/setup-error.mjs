/** What the person at the keyboard has to know or do; shown without a stack. */
export class SetupError extends Error {}
