/**
 * Options of every npm command here: nothing but errors is printed, and a registry that does not answer is given up
 * after three minutes and one more try instead of npm's five minutes and two.
 */
export const NPM_OPTIONS = [
  ...['--no-audit', '--no-fund', '--loglevel=error'],
  ...['--fetch-timeout=180000', '--fetch-retries=1'],
];
