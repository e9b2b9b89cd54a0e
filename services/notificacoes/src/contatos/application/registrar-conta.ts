import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '../../contrato/application/unit-of-work.ts';
import { IdRepetidoError } from '../../mensagens/application/ports.ts';
import { anotarRetirada, inserir } from '../../mensagens/application/registro.ts';
import type { NovaNotificacao, Rascunho } from '../../mensagens/domain/notificacao.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import type { Transacao, VersaoDeContato } from './ports.ts';

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Modelos;
  readonly unitOfWork: UnitOfWork<Transacao>;
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
