/** The name of a member of an enum of the contracts; undefined for none, and for one that this release does not know. */
export function nameFrom<E extends Readonly<Record<string, number>>>(
  members: E,
  member: number,
): Exclude<keyof E, 'UNSPECIFIED'> | undefined {
  const names = Object.keys(members) as Exclude<keyof E, 'UNSPECIFIED'>[];
  return names.find((name) => name !== 'UNSPECIFIED' && members[name] === member);
}
