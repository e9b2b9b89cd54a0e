/** A device stays known to an account for half a year from the last login on. */
export const CONHECIDO_SECONDS = 180 * 24 * 3_600;
