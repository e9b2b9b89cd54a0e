import { mudar } from '../../preferencias/application/mudar.ts';
import type { Transacao } from './ports.ts';

/**
 * Has the preferences show what was answered from the number that they name: nothing goes by SMS where it is refused, whatever they say.
 * What was switched off by an answer is switched on again by another one; what the person has switched off is theirs.
 */
export async function acertarSms(
  { preferencias, telefones }: Pick<Transacao, 'preferencias' | 'telefones'>,
  clienteId: string,
  em: Date,
): Promise<void> {
  const guardadas = await preferencias.abrir(clienteId);
  const provado = await telefones.provado(clienteId);
  if (guardadas === undefined || provado?.numero !== guardadas.telefone) return;
  const sms = provado.recusadoEm === undefined;
  if (guardadas.sms === sms) return;
  if (sms && (await preferencias.ultimoAutor(clienteId, 'sms')) !== 'PROVEDOR') return;
  await mudar({ preferencias }, clienteId, { por: 'PROVEDOR', em }, (antes) => ({
    depois: { ...antes, sms },
    resposta: undefined,
  }));
}
