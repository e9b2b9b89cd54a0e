import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { NovaNotificacao, Rascunho } from '../domain/notificacao.ts';
import {
  IdRepetidoError,
  type Modelos,
  type Retirada,
  type Transacao,
  type UnitOfWork,
  type VersaoDeContato,
} from './ports.ts';

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Modelos;
  readonly unitOfWork: UnitOfWork;
}

/** What auth says of an account. */
export interface ContaRecebida {
  readonly contato: VersaoDeContato;
  /** Verifies the address; empty when nobody has to. */
  readonly codigo: string;
  readonly em: Date;
}

const MAX_TENTATIVAS = 5;
const DIA_MS = 24 * 3_600_000;
/** As long as auth takes a code. */
const CODIGO_VALE_MS = 7 * DIA_MS;
/** What waits longer for an address to be verified is no news any more. */
const RETIDA_DURANTE_MS = 30 * DIA_MS;
const DESCARTE = 100;

/**
 * Keeps what is known of a person, and whether they may be written to: an address that is not verified gets the message
 * that verifies it and nothing else, so that nobody fills a mailbox that is not theirs. What waited for that is due once
 * it is verified. The version of the account decides, so events may come twice and in any order without an inbox.
 */
export class RegistrarConta {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async registrar(conta: ContaRecebida): Promise<void> {
    const { ids, unitOfWork } = this.#deps;
    for (let tentativa = 1; ; tentativa++) {
      // Fetched first: no transaction waits for the network.
      const id = conta.codigo === '' ? '' : await ids.next('not');
      try {
        return await unitOfWork.run((tx) => this.#guardar(tx, conta, id));
      } catch (error) {
        if (!(error instanceof IdRepetidoError) || tentativa === MAX_TENTATIVAS) throw error;
      }
    }
  }

  /** The person is gone: what waited for them is not sent, and nothing they wrote is kept. */
  remover(usuarioId: string, em: Date): Promise<void> {
    return this.#deps.unitOfWork.run(async ({ contatos, fila, preferencias }) => {
      await contatos.apagar(usuarioId, em);
      await preferencias.apagar(usuarioId);
      await fila.esquecer(usuarioId);
      await fila.reter(usuarioId, false);
    });
  }

  async #guardar(tx: Transacao, { contato, codigo, em }: ContaRecebida, id: string): Promise<void> {
    const verificado = await tx.contatos.guardar(contato, em);
    await tx.fila.reter(contato.usuarioId, !verificado);
    if (verificado || codigo === '') return;
    const validaAte = new Date(em.getTime() + CODIGO_VALE_MS);
    const rascunho: Rascunho = { modelo: 'BOAS_VINDAS', dados: { codigo }, validaAte };
    const mensagem = this.#mensagem(id, contato, rascunho);
    if (await inserir(tx, mensagem)) await this.#retirarAdiados(tx, mensagem);
  }

  /** Of the codes that there was no room for, the newest is enough: no queue of them outlives whoever asks and asks. */
  async #retirarAdiados(tx: Transacao, { clienteId, criadaEm }: NovaNotificacao): Promise<void> {
    for (const retirada of await tx.fila.retirarCodigos(clienteId, criadaEm))
      await anotarRetirada(tx, retirada, 'overtaken by a newer code', criadaEm);
  }

  #mensagem(
    id: string,
    { usuarioId, versao }: VersaoDeContato,
    { validaAte, ...conteudo }: Rascunho,
  ): NovaNotificacao {
    const agora = this.#deps.clock.now();
    return {
      ...conteudo,
      id,
      clienteId: usuarioId,
      canal: 'EMAIL',
      reservaId: '',
      fato: `${usuarioId}/${versao}`,
      assunto: this.#deps.modelos.assunto(conteudo),
      criadaEm: agora,
      devidaEm: agora,
      validaAte,
      grupo: undefined,
    };
  }
}

/** Writes a message down, with the first record of its history; false when it exists already. */
export async function inserir(
  { fila, historico }: Transacao,
  notificacao: NovaNotificacao,
): Promise<boolean> {
  if (!(await fila.inserir(notificacao))) return false;
  const { id, clienteId, canal, modelo, reservaId, criadaEm } = notificacao;
  await historico.registrar({
    notificacaoId: id,
    sequencia: 1,
    clienteId,
    canal,
    modelo,
    reservaId,
    tipo: 'CRIADA',
    destino: '',
    detalhe: '',
    ocorridoEm: criadaEm,
  });
  return true;
}

/** Notes that a message will not be sent. */
export async function anotarRetirada(
  { historico }: Transacao,
  { id, versao, ...retirada }: Retirada,
  detalhe: string,
  em: Date,
): Promise<void> {
  await historico.registrar({
    ...retirada,
    notificacaoId: id,
    sequencia: versao,
    tipo: 'SUPRIMIDA',
    destino: '',
    detalhe,
    ocorridoEm: em,
  });
}

/** Gives up what has waited for weeks for an address to be verified, some at a time. */
export function descartarRetidas(unitOfWork: UnitOfWork, agora: Date): Promise<void> {
  const antesDe = new Date(agora.getTime() - RETIDA_DURANTE_MS);
  return unitOfWork.run(async (tx) => {
    const retiradas = await tx.fila.descartarRetidas(antesDe, DESCARTE);
    for (const retirada of retiradas) await anotarRetirada(tx, retirada, 'address not verified', agora);
  });
}
