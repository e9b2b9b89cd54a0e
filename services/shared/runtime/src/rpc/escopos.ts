/**
 * What an API key may be let in for: `<what>:ler` to read, `<what>:escrever` to change. The access table says of each method
 * which scope lets a key in; a method without one lets none in. A scope gives no rights: a key may what its owner may, and
 * of that what its scopes name.
 */
export const ESCOPOS = [
  'espacos:ler',
  'espacos:escrever',
  'reservas:ler',
  'reservas:escrever',
  'pagamentos:ler',
  'pagamentos:escrever',
  'notificacoes:ler',
  'webhooks:ler',
  'webhooks:escrever',
] as const;

export type Escopo = (typeof ESCOPOS)[number];
