import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { comIdentidades, type ProximoId } from '../../mensagens/application/identidades.ts';
import { escrever } from '../../mensagens/application/registro.ts';
import type { NovaNotificacao } from '../../mensagens/domain/notificacao.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import { ateDoResumo, diaDoResumo } from '../domain/dia-do-resumo.ts';
import type { Novidades, TransacaoDoResumo } from './ports.ts';

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Pick<Modelos, 'em'>;
  readonly uow: Pick<UnitOfWork<TransacaoDoResumo>, 'run'>;
}

/** Of the new addresses so many are named, the latest; the list has all of them. */
const MAXIMO_DE_CONTATOS = 10;
/** More than look after any platform: what one transaction writes is bounded. */
const MAXIMO_DE_ADMINISTRADORES = 100;

/**
 * Tells the administrators, once a day, of addresses that have begun to send messages back. The day is taken in the transaction that
 * writes the messages: who dies in between has taken nothing, and of two copies of the service one does. A day without news is taken
 * as well, so that what comes an hour later is told with all else of its day. As long as nobody is known as an administrator, which
 * a new copy of the service learns after it has begun, none is taken: nobody would have been told.
 */
export class AvisarAdministradoresHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Answers how many messages it has written. */
  async execute(): Promise<number> {
    const { ids, clock, uow } = this.#deps;
    const agora = clock.now();
    const dia = diaDoResumo(agora);
    if (await uow.run(({ resumos }) => resumos.escrito(dia))) return 0;
    return comIdentidades(ids, 0, (identidades) =>
      uow.run((tx) => this.#escrever(tx, dia, agora, identidades)),
    );
  }

  async #escrever(
    tx: TransacaoDoResumo,
    dia: string,
    agora: Date,
    identidades: (quantas: number) => ProximoId,
  ): Promise<number> {
    const ate = ateDoResumo(agora);
    const administradores = await tx.administradores.atuais(MAXIMO_DE_ADMINISTRADORES);
    if (administradores.length === 0 || !(await tx.resumos.abrir(dia, ate))) return 0;
    const novidades = await tx.resumos.novidades(dia, ate, MAXIMO_DE_CONTATOS);
    if (novidades.novos === 0) return 0;
    const proximo = identidades(administradores.length);
    for (const clienteId of administradores)
      await escrever(tx, this.#mensagem(proximo(), clienteId, dia, novidades, agora));
    return administradores.length;
  }

  #mensagem(id: string, clienteId: string, dia: string, dados: Novidades, em: Date): NovaNotificacao {
    const conteudo = { modelo: 'CONTATOS_NAO_ENTREGAVEIS', dados } as const;
    return {
      ...conteudo,
      ...{ id, clienteId, canal: 'EMAIL', reservaId: '', fato: `${clienteId}/${dia}` },
      assunto: (idioma) => this.#deps.modelos.em(idioma).assunto(conteudo),
      ...{ criadoEm: em, devidaEm: em, validoAte: undefined, grupo: undefined },
    };
  }
}
