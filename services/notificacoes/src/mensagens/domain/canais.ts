import type { Canal } from '../../canais/domain/mensagem.ts';
import { ehSoDeEmail } from '../../modelos/domain/aviso.ts';
import type { ModeloComDados } from '../../modelos/domain/modelo.ts';
import type { NovaNotificacao } from './notificacao.ts';

/** A message before it is known which channels it goes by. */
export type SemCanal = Omit<NovaNotificacao, 'id' | 'canal' | keyof ModeloComDados> & ModeloComDados;

/** A channel besides e-mail, which everything goes by. */
export type OutroCanal = Exclude<Canal, 'EMAIL'>;

/** What has not gone by another channel so long after it was due is told by e-mail alone. */
const NOVIDADE_MS = 24 * 3_600_000;

/** The channels that a message goes by, of those that its addressee has switched on. */
export function canaisDe(conteudo: ModeloComDados, ligados: readonly OutroCanal[]): readonly Canal[] {
  return ehSoDeEmail(conteudo) ? ['EMAIL'] : ['EMAIL', ...ligados];
}

/** The message by one channel. By another one than e-mail it goes together with those of that channel, and grows old within a day. */
export function porCanal(mensagem: SemCanal, canal: Canal, id: string): NovaNotificacao {
  const nova = { ...mensagem, id, canal } as NovaNotificacao;
  if (canal === 'EMAIL') return nova;
  const { devidaEm, validoAte, grupo } = nova;
  const ate = devidaEm.getTime() + NOVIDADE_MS;
  return {
    ...nova,
    validoAte: new Date(Math.min(ate, validoAte?.getTime() ?? ate)),
    grupo: grupo === undefined ? undefined : `${grupo}/${canal}`,
  };
}
