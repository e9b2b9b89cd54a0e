/**
 * The sections of the OWASP ASVS 5.0 that the page goes through, with the levels of their requirements in order: `122` is
 * x.y.1 of level 1, x.y.2 and x.y.3 of level 2. Numbers and levels only; the text is theirs.
 */
const LEVELS: Readonly<Record<string, string>> = {
  '6.1': '122',
  '6.2': '111111112222',
  '6.3': '11223333',
  '6.4': '112233',
  '6.5': '22222333',
  '6.6': '2223',
  '6.7': '33',
  '6.8': '2222',
  '7.1': '222',
  '7.2': '1111',
  '7.3': '22',
  '7.4': '11222',
  '7.5': '223',
  '7.6': '22',
  '8.1': '1233',
  '8.2': '1123',
  '8.3': '133',
  '8.4': '23',
  '9.1': '111',
  '9.2': '1222',
  '10.1': '22',
  '10.2': '223',
  '10.3': '22223',
  '10.4': '1111122222233333',
  '10.5': '22222',
  '10.6': '22',
  '10.7': '222',
};

/** Of other chapters what concerns auth, as `LEVELS`. */
const OF_OTHERS: Readonly<Record<string, string>> = {
  '2.3.1': '1',
  '2.3.3': '2',
  '2.3.4': '2',
  '2.4.1': '2',
  '11.1.1': '2',
  '11.1.2': '2',
  '11.2.1': '2',
  '11.2.2': '2',
  '11.2.3': '2',
  '11.3.1': '1',
  '11.3.2': '1',
  '11.3.3': '2',
  '11.4.1': '1',
  '11.4.2': '2',
  '11.4.3': '2',
  '11.4.4': '2',
  '11.5.1': '2',
  '11.6.1': '2',
  '14.2.1': '1',
  '14.3.2': '2',
  '16.1.1': '2',
  '16.2.1': '2',
  '16.2.2': '2',
  '16.2.3': '2',
  '16.2.4': '2',
  '16.2.5': '2',
  '16.3.1': '2',
  '16.3.2': '2',
  '16.3.3': '2',
  '16.3.4': '2',
  '16.4.1': '2',
  '16.4.2': '2',
  '16.4.3': '2',
  '16.5.1': '2',
  '16.5.2': '2',
  '16.5.3': '2',
};

const all = Object.entries(LEVELS).flatMap(([section, levels]) =>
  [...levels].map((level, index): [string, string] => [`${section}.${index + 1}`, level]),
);

/** Level by number. Those of level 3 may be on the page, all others have to. */
export const LEVEL_OF: ReadonlyMap<string, string> = new Map([...all, ...Object.entries(OF_OTHERS)]);
