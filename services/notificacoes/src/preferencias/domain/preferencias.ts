import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Modelo } from '../../modelos/domain/modelo.ts';

/** What a person wants to be told about, and how. */
export interface Preferencias {
  readonly email: boolean;
  readonly sms: boolean;
  readonly push: boolean;
  /** The reminder before the start. */
  readonly lembretes: boolean;
  /** E.164; empty when there is none. */
  readonly telefone: string;
}

/** The preferences of a person who never said anything. */
export const PREFERENCIAS_INICIAIS: Preferencias = {
  email: true,
  sms: false,
  push: false,
  lembretes: true,
  telefone: '',
};

/**
 * What a reservation and its money came to, the offer that a person waited for, the proof of an address, the safety
 * of the account: always told.
 */
const OBRIGATORIOS: ReadonlySet<Modelo> = new Set<Modelo>([
  'RESERVA_CONFIRMADA',
  'RESERVA_CANCELADA',
  'ESTORNO_CONCLUIDO',
  'ESTORNO_FALHOU',
  'VAGA_OFERECIDA',
  'BOAS_VINDAS',
  'AVISO_DE_SEGURANCA',
  'REDEFINICAO_SENHA',
  'TROCA_DE_EMAIL',
]);

const ESCOLHA = { EMAIL: 'email', SMS: 'sms', PUSH: 'push' } as const satisfies Record<Canal, string>;

/** Whether a message of this model may be sent over this channel. */
export function quer(
  preferencias: Omit<Preferencias, 'telefone'>,
  { modelo, canal }: { readonly modelo: Modelo; readonly canal: Canal },
): boolean {
  if (canal === 'EMAIL' && OBRIGATORIOS.has(modelo)) return true;
  if (modelo === 'LEMBRETE_RESERVA' && !preferencias.lembretes) return false;
  return preferencias[ESCOLHA[canal]];
}
