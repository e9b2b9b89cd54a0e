/** jest's globalTeardown of the projects `int` and `proof`. */
export { stop as default } from './start-postgres.ts';
