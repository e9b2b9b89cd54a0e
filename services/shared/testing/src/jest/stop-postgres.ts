/** jest's globalTeardown of the project `int`. */
export { stop as default } from './start-postgres.ts';
