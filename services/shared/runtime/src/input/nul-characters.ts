/**
 * Paths, as JSON spells them, of the strings in a message that contain U+0000. Protobuf allows that character and
 * PostgreSQL cannot store it, so that it would surface as an unexpected error of the database.
 */
export function nulCharacters(message: object, prefix = ''): string[] {
  if (ArrayBuffer.isView(message)) return [];
  return Object.entries(message).flatMap(([key, value]) => {
    const path = Array.isArray(message) ? `${prefix}[${key}]` : [prefix, key].filter(Boolean).join('.');
    if (typeof value === 'string') return value.includes('\0') ? [path] : [];
    return typeof value === 'object' && value !== null ? nulCharacters(value, path) : [];
  });
}
