/*
 * Room `migrations`: the tables that the runtime needs in the database of every service: outbox, inbox, idempotency keys, limits
 * of identities, ended sessions, and the function that brings texts of people into one form.
 *
 * They run before the service's own, in the order of their numbers. A migration that was released never changes, in name or
 * content: what is to be different is a new one, which the release before it still works with.
 */

import { EfeitoDaChave1700000000030 } from './efeito-da-chave-1700000000030.ts';
import { Idempotencia1700000000003 } from './idempotencia-1700000000003.ts';
import { Inbox1700000000002 } from './inbox-1700000000002.ts';
import { LimitesDeIds1700000000028 } from './limites-de-ids-1700000000028.ts';
import { Outbox1700000000001 } from './outbox-1700000000001.ts';
import { SessoesEncerradas1700000000020 } from './sessoes-encerradas-1700000000020.ts';
import { SessoesRevogadas1700000000031 } from './sessoes-revogadas-1700000000031.ts';
import { Texto1700000000021 } from './texto-1700000000021.ts';

/**
 * Tables `outbox`, `inbox`, `idempotencia`, `sessoes_encerradas`, `sessoes_revogadas` and `limites_de_ids`, and the form of texts of people. A
 * service lists them before its own migrations.
 */
export const runtimeMigrations = [
  Outbox1700000000001,
  Inbox1700000000002,
  Idempotencia1700000000003,
  SessoesEncerradas1700000000020,
  Texto1700000000021,
  LimitesDeIds1700000000028,
  EfeitoDaChave1700000000030,
  SessoesRevogadas1700000000031,
];
