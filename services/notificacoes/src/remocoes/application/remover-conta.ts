import type { Clock } from '@plataforma/domain/clock';
import { type IdGenerator, withNewId } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { anotarRetirada, escrever } from '../../mensagens/application/registro.ts';
import type { NovaNotificacao } from '../../mensagens/domain/notificacao.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import type { Item, Transacao } from './ports.ts';

export interface RemoverContaCommand {
  readonly usuarioId: string;
  /** Shows the person what is erased; empty where auth has not told. */
  readonly protocolo: string;
  /** Of the account, as its removal has made it. */
  readonly versao: number;
  readonly em: Date;
}

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Modelos;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/** What cannot be sent for so long is given up, so that the address is not kept for it. */
const DESPEDIDA_VALE_MS = 3 * 24 * 3_600_000;

const SO_O_IDENTIFICADOR =
  'Fica o registro de quais mensagens foram enviadas e quando, sem nome, endereço nem o que dizia respeito só a você.';

/**
 * The person is gone: what waited for them is not sent, and nothing they wrote is kept. One last message tells them, if their
 * address is proved and still that of the account; it takes the address along, which is erased once it is sent.
 */
export class RemoverContaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(command: RemoverContaCommand): Promise<void> {
    const { ids, uow } = this.#deps;
    return withNewId(ids, 'not', (id) => uow.run((tx) => this.#remover(tx, command, id)));
  }

  async #remover(tx: Transacao, command: RemoverContaCommand, id: string): Promise<void> {
    const { usuarioId, versao, em } = command;
    const antes = await tx.contatos.apagar(usuarioId, em);
    // Another address may have come in between, and who reads the one that was left must not get the protocol.
    const despede = antes?.verificado === true && antes.versao === versao - 1;
    const preferencias = await tx.preferencias.apagar(usuarioId);
    const telefones = await tx.telefones.apagar(usuarioId);
    const retiradas = await tx.fila.retirarTodas(usuarioId);
    await tx.retornos.apagarDe(usuarioId);
    const webhooks = await tx.webhooks.apagarDoDono(usuarioId);
    const dispositivos = await tx.dispositivos.removerTodos(usuarioId);
    const agora = this.#deps.clock.now();
    for (const retirada of retiradas) await anotarRetirada(tx, retirada, 'account removed', agora);
    const mensagens = await tx.fila.esquecer(usuarioId);
    const itens: Item[] = [
      { dados: 'CONTATO', acao: 'APAGADO', quantidade: antes ? 1 : 0, motivo: '' },
      { dados: 'PREFERENCIAS', acao: 'APAGADO', quantidade: preferencias, motivo: '' },
      { dados: 'TELEFONE', acao: 'APAGADO', quantidade: telefones, motivo: '' },
      { dados: 'MENSAGENS_A_ENVIAR', acao: 'APAGADO', quantidade: retiradas.length, motivo: '' },
      { dados: 'MENSAGENS', acao: 'ANONIMIZADO', quantidade: mensagens, motivo: SO_O_IDENTIFICADOR },
      { dados: 'DISPOSITIVOS', acao: 'APAGADO', quantidade: dispositivos, motivo: '' },
      { dados: 'WEBHOOKS', acao: 'APAGADO', quantidade: webhooks, motivo: '' },
    ];
    const nova = await tx.remocoes.add({ usuarioId, mensagemId: despede ? id : undefined, itens, em });
    if (nova && despede) await escrever(tx, this.#despedida(id, command, antes.email));
  }

  #despedida(id: string, { usuarioId, protocolo, em }: RemoverContaCommand, email: string): NovaNotificacao {
    const nada = { enderecoIp: '', dispositivo: '' };
    const dados = { tipo: 'CONTA_REMOVIDA', em: em.toISOString(), ...nada, email, protocolo } as const;
    const conteudo = { modelo: 'AVISO_DE_SEGURANCA', dados } as const;
    const agora = this.#deps.clock.now();
    return {
      ...conteudo,
      ...{ id, clienteId: usuarioId, canal: 'EMAIL', reservaId: '', fato: `${usuarioId}/removida` },
      assunto: (idioma) => this.#deps.modelos.em(idioma).assunto(conteudo),
      ...{ criadoEm: agora, devidaEm: agora, grupo: undefined },
      validoAte: new Date(em.getTime() + DESPEDIDA_VALE_MS),
    };
  }
}
