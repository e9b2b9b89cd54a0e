import type { StoredEvent } from './stored-events.ts';

export const HELP = `npm run events -- ['subject'] [--reserva <id>] [--desde <time>] [--seguir] [--cabecalhos]

Prints events: as they are published, of one subject ('reservas.>', 'pagamentos.v1.PagamentoAprovado') or of all.

  --reserva <id>   the story of one reservation: all that the streams have of it, of all services and the dead letters, in order
  --desde <time>   what is stored since then: 1h, 30m, 2d, or an instant (2027-03-01T12:00:00Z)
  --seguir         after what is stored goes on with what comes
  --cabecalhos     with the headers: who began it, by which request and which event, and more

With --reserva or --desde it ends once it has told what is stored, unless --seguir is there; else Ctrl-C ends it. Listens at
NATS_URL (with NATS_USER and the other variables that the services read), or else to the local stack, wherever its ports were
moved to.`;

export const OPTIONS = {
  reserva: { type: 'string' },
  desde: { type: 'string' },
  seguir: { type: 'boolean', default: false },
  cabecalhos: { type: 'boolean', default: false },
} as const;

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** As reservas gives them out. */
const RESERVA = /^res_[0-9A-Za-z]+$/;

/** The instant that was meant: so long ago, or itself; undefined when it is neither. */
export function sinceOf(text: string, now: Date): Date | undefined {
  const ago = /^(\d{1,9})([smhd])$/.exec(text);
  if (ago) return new Date(Math.max(0, now.getTime() - Number(ago[1]) * UNITS[ago[2] as keyof typeof UNITS]));
  const at = new Date(/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : Number.NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** Whether this names a reservation. */
export const isReserva = (text: string) => RESERVA.test(text);

/** Events of a reservation: it is their subject, or they name it. */
export function ofReserva(id: string): (event: StoredEvent) => boolean {
  return ({ headers, body }) => headers?.get('ce-subject') === id || body.includes(`"${id}"`);
}

/** An event as it is printed. */
export function told({ at, subject, headers, body }: StoredEvent, withHeaders: boolean): string {
  const line = `${new Date(Number(at / 1_000_000n)).toISOString()} ${subject} ${body}`;
  if (!withHeaders) return line;
  const named = [...(headers ?? [])].map(([name, values]) => `    ${name}: ${values.join(', ')}`);
  return [line, ...named.sort()].join('\n');
}
