/*
 * Room `audit`: what administrators have seen of other people. Which answer shows whose data is decided in one table of each
 * service (`../rpc/shown.ts`); the interceptor `looks.ts` asks it, and has it recorded here before the answer leaves.
 *
 * The record is a row of the outbox, in the database of the service: it is there whatever becomes of auth, which keeps it for a
 * year (ADR-040, ADR-056). One a minute for each author, person and RPC: repeating a call fills no disk.
 */

import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { HandlerContext } from '@connectrpc/connect';
import type { Clock } from '@plataforma/domain/clock';
import type { DataSource } from 'typeorm';
import { appendOnceToOutbox, integrationEvent } from '../outbox/outbox.ts';
import { autocommit, type Sql } from '../postgres/transaction.ts';
import { requestIdOf } from '../rpc/call-context.ts';
import { actorOf, type Principal, principalKey } from '../rpc/principal.ts';
import type { Titulares } from '../rpc/shown.ts';
import type { ClientAddresses } from '../security/client-address.ts';
import { actingAs } from '../trail/trail.ts';

const MINUTE_MS = 60_000;

/** As auth gives them out. What is asked for by another name is nobody's. */
const PESSOA = /^cli_[0-9A-Za-z]+$/;

/** A call as far as the record tells of it. */
export type LookingCall = Pick<HandlerContext, 'values' | 'requestHeader'>;

interface Deps {
  readonly dataSource: DataSource;
  readonly clock: Clock;
  readonly clients: ClientAddresses;
  /** `DadosConsultados` of the contract of the service, whose fields are the same in all. */
  readonly evento: DescMessage;
}

/** Records looks of administrators at data of others. */
export class AdminLooks {
  readonly #deps: Omit<Deps, 'dataSource'>;
  readonly #sql: Sql;

  constructor({ dataSource, ...deps }: Deps) {
    this.#sql = autocommit(dataSource);
    this.#deps = deps;
  }

  /** Whether what this caller is shown has to be recorded where it is about somebody else. */
  concerns(principal: Principal | undefined): boolean {
    return principal?.tipo === 'USUARIO' && principal.papeis.includes('ADMIN');
  }

  /**
   * Records that the caller is about to be shown data of these people, unless it is their own or the caller no administrator.
   * Rejects when it cannot be recorded: without it there is no answer.
   */
  async shown(titulares: Titulares, rpc: string, chamada: LookingCall): Promise<void> {
    const principal = chamada.values.get(principalKey);
    if (principal === undefined || !this.concerns(principal)) return;
    if (titulares === 'TODOS') return this.#record('', principal, rpc, chamada);
    const outros = new Set(titulares.filter((id) => id !== '' && id !== principal.id));
    for (const id of outros) await this.#record(PESSOA.test(id) ? id : '', principal, rpc, chamada);
  }

  async #record(usuarioId: string, autor: Principal, rpc: string, chamada: LookingCall) {
    const { clock, clients, evento } = this.#deps;
    const em = clock.now();
    const { id: autorId } = autor;
    const look = {
      ...{ autorId, usuarioId, rpc, requisicaoId: requestIdOf(chamada), enderecoIp: clients.of(chamada) },
      ocorridoEm: timestampFromDate(em),
    };
    const agregado = {
      tipo: 'consulta',
      id: `${autorId}/${usuarioId || 'todos'}/${rpc}`,
      versao: Math.floor(em.getTime() / MINUTE_MS),
    };
    const event = integrationEvent(evento, look as MessageInitShape<DescMessage>, agregado);
    // A plain route knows who asks by its own check of the token.
    await actingAs(actorOf(autor), () => appendOnceToOutbox(this.#sql, event));
  }
}
