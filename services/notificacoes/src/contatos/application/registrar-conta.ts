import type { Clock } from '@plataforma/domain/clock';
import { type IdGenerator, withNewId } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { anotarRetirada, escrever } from '../../mensagens/application/registro.ts';
import type { NovaNotificacao, Rascunho } from '../../mensagens/domain/notificacao.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import type { Transacao, VersaoDeContato } from './ports.ts';

/** What auth says of an account. */
export interface RegistrarContaCommand {
  readonly contato: VersaoDeContato;
  /** Verifies the address; empty when there is nothing to verify. */
  readonly codigo: string;
  readonly em: Date;
}

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Modelos;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/** As long as auth takes a code. */
const CODIGO_VALE_MS = 7 * 24 * 3_600_000;

/**
 * Keeps what is known of a person, and whether they may be written to: an address that is not verified gets the message
 * that verifies it and nothing else, so that no sign-up fills the mailbox of a stranger. What waited for that is due
 * once it is verified. The version of the account decides, so events may come twice and in any order without an inbox.
 */
export class RegistrarContaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(command: RegistrarContaCommand): Promise<void> {
    const { ids, uow } = this.#deps;
    const { contato, codigo, em } = command;
    if (codigo === '')
      return uow.run(async (tx) => {
        await guardar(tx, contato, em);
      });
    return withNewId(ids, 'not', (id) => uow.run((tx) => this.#comCodigo(tx, command, id)));
  }

  async #comCodigo(tx: Transacao, { contato, codigo, em }: RegistrarContaCommand, id: string): Promise<void> {
    if (await guardar(tx, contato, em)) return;
    const validoAte = new Date(em.getTime() + CODIGO_VALE_MS);
    const mensagem = this.#mensagem(id, contato, { modelo: 'BOAS_VINDAS', dados: { codigo }, validoAte });
    if (await escrever(tx, mensagem)) await retirarAdiados(tx, mensagem);
  }

  #mensagem(
    id: string,
    { usuarioId, versao }: VersaoDeContato,
    { validoAte, ...conteudo }: Rascunho,
  ): NovaNotificacao {
    const agora = this.#deps.clock.now();
    return {
      ...conteudo,
      id,
      clienteId: usuarioId,
      canal: 'EMAIL',
      reservaId: '',
      fato: `${usuarioId}/${versao}`,
      assunto: (idioma) => this.#deps.modelos.em(idioma).assunto(conteudo),
      criadoEm: agora,
      devidaEm: agora,
      validoAte,
      grupo: undefined,
    };
  }
}

/** Answers whether the address is verified. */
async function guardar({ contatos, fila }: Transacao, contato: VersaoDeContato, em: Date): Promise<boolean> {
  const verificado = await contatos.save(contato, em);
  await fila.reter(contato.usuarioId, !verificado);
  return verificado;
}

/** Of the codes that there was no room for, the newest is enough: asking again and again makes no queue of them. */
async function retirarAdiados(tx: Transacao, { clienteId, criadoEm }: NovaNotificacao): Promise<void> {
  for (const retirada of await tx.fila.retirarCodigos(clienteId, criadoEm))
    await anotarRetirada(tx, retirada, 'overtaken by a newer code', criadoEm);
}
