import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { PutOff, QueueState, WorkQueue } from '@plataforma/domain/work-queue';
import { mudar } from '../../preferencias/application/mudar.ts';
import { comCelula } from '../../preferencias/domain/preferencias.ts';
import { efeitosDe, type Retorno } from '../domain/retorno.ts';
import { acertarSms } from './acertar-sms.ts';
import type { MensagemDoRetorno, ObservadorDeRetornos, RetornoDevido, Transacao } from './ports.ts';

interface Deps {
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly observador: Pick<ObservadorDeRetornos, 'entrega' | 'devolve'>;
}

/** What is told once the transaction is done. */
type Aviso = () => void;

/** The providers may be faster than our mark: until a message is marked, nothing is told of it. */
const CEDO = 'CEDO';

/**
 * Has what providers tell take effect, one at a time: the message says where it is, its history too, an address that takes nothing is
 * marked and one that does is not any more, and what nobody wants is switched off. Told again, or later than something newer, it has
 * none.
 */
export class AplicarRetornos implements WorkQueue<RetornoDevido> {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  due(limite: number): Promise<RetornoDevido[]> {
    const { clock, uow } = this.#deps;
    return uow.run(({ retornos }) => retornos.devidos(clock.now(), limite));
  }

  async execute(devido: RetornoDevido): Promise<void> {
    const avisos = await this.#deps.uow.run(async (tx) => {
      const retorno = await tx.retornos.tomar(devido);
      if (retorno === undefined) return [];
      const avisos = await this.#aplicar(tx, retorno);
      if (avisos === CEDO) await tx.retornos.adiar(devido, this.#deps.clock.now());
      else await tx.retornos.concluir(devido);
      return avisos === CEDO ? [] : avisos;
    });
    for (const avisar of avisos) avisar();
  }

  async putOff(devido: RetornoDevido): Promise<PutOff> {
    const { clock, uow } = this.#deps;
    const failures = await uow.run(({ retornos }) => retornos.adiar(devido, clock.now()));
    return { item: `${devido.provedor}/${devido.eventoId}`, failures };
  }

  /** What operators see. */
  situacao(): Promise<QueueState> {
    const { clock, uow } = this.#deps;
    return uow.run(({ retornos }) => retornos.situacao(clock.now()));
  }

  async #aplicar(tx: Transacao, retorno: Retorno): Promise<Aviso[] | typeof CEDO> {
    const mensagens = await tx.retornos.daCarta(retorno);
    if (mensagens.some(({ status }) => status === 'PENDENTE')) return CEDO;
    const avisos: Aviso[] = [];
    for (const mensagem of mensagens) avisos.push(...(await this.#aplicarA(tx, mensagem, retorno)));
    return avisos;
  }

  async #aplicarA(tx: Transacao, mensagem: MensagemDoRetorno, retorno: Retorno): Promise<Aviso[]> {
    const { observador } = this.#deps;
    const { provedor, ocorridoEm: em, endereco: digesto, detalhe: motivo } = retorno;
    const { clienteId, canal } = mensagem;
    const { entrega, endereco, calar } = efeitosDe(retorno, mensagem);
    const avisos: Aviso[] = [];
    if (entrega !== undefined) {
      await anotar(tx, mensagem, entrega, retorno);
      avisos.push(() => observador.entrega(canal, provedor, entrega));
    }
    if (endereco !== undefined && digesto !== undefined) {
      const fato = { clienteId, digesto, motivo, em };
      if (endereco === 'LIBERAR') await tx.enderecos.recebeu(fato);
      else if (await tx.enderecos.devolveu(fato, this.#deps.clock.now()))
        avisos.push(() => observador.devolve(clienteId, motivo));
    }
    if (calar && (await this.#calar(tx, mensagem, retorno))) {
      await anotar(tx, mensagem, 'DESCADASTRADA', retorno);
      avisos.push(() => observador.entrega(canal, provedor, 'DESCADASTRADA'));
    }
    return avisos;
  }

  /**
   * Who reads what was sent to an address that is not that of the account any more, or never was, decides nothing for the account.
   * Answers whether anything was switched off.
   */
  async #calar(
    tx: Transacao,
    { clienteId, canal, desde: enviadoEm }: MensagemDoRetorno,
    { endereco: digesto, situacao }: Retorno,
  ): Promise<boolean> {
    const em = this.#deps.clock.now();
    if (digesto === undefined) return false;
    if (canal === 'SMS') {
      if (!(await tx.telefones.recusar({ clienteId, digesto, enviadoEm, em }))) return false;
      await acertarSms(tx, clienteId, em);
      return true;
    }
    if (!(await tx.enderecos.ehDe(clienteId, digesto))) return false;
    const por = situacao === 'RECLAMADA' ? 'RECLAMACAO' : 'PROVEDOR';
    return mudar<boolean>(tx, clienteId, { por, em }, (antes) => {
      const depois = comCelula(antes, 'LEMBRETES', 'EMAIL', false);
      return depois === antes ? { resposta: false } : { depois, resposta: true };
    });
  }
}

/**
 * A delay is in no history: it is over by itself, and ends in one of the others. Providers tell whole seconds by clocks of their own;
 * nothing became of a message before it was sent.
 */
async function anotar(
  { retornos, historico }: Pick<Transacao, 'retornos' | 'historico'>,
  { id, clienteId, canal, modelo, reservaId, desde }: MensagemDoRetorno,
  situacao: Retorno['situacao'],
  { detalhe, ocorridoEm: dito }: Retorno,
): Promise<void> {
  const ocorridoEm = dito < desde ? desde : dito;
  const sequencia = await retornos.anotar(id, situacao, ocorridoEm);
  if (situacao === 'ATRASADA') return;
  await historico.registrar({
    ...{ notificacaoId: id, sequencia, clienteId, canal, modelo, reservaId, tipo: situacao },
    ...{ destino: '', detalhe, ocorridoEm },
  });
}
