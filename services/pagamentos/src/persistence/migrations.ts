import type { MigrationClass } from '@plataforma/runtime/postgres';
import { CadeiaInstantaneos1764000000004 } from './migrations/cadeia-instantaneos-1764000000004.ts';
import { Creditos1764000000006 } from './migrations/creditos-1764000000006.ts';
import { CreditosNasCobrancas1764000000007 } from './migrations/creditos-nas-cobrancas-1764000000007.ts';
import { EncerramentosEstornos1764000000003 } from './migrations/encerramentos-estornos-1764000000003.ts';
import { Excedentes1764000000070 } from './migrations/excedentes-1764000000070.ts';
import { Pagamentos1764000000001 } from './migrations/pagamentos-1764000000001.ts';
import { PagamentosPorCliente1764000000210 } from './migrations/pagamentos-por-cliente-1764000000210.ts';
import { Reconciliacao1764000000005 } from './migrations/reconciliacao-1764000000005.ts';
import { ReconciliacaoIndexada1764000000010 } from './migrations/reconciliacao-indexada-1764000000010.ts';
import { Remocoes1764000000131 } from './migrations/remocoes-1764000000131.ts';
import { SemIndiceDeCriacao1764000000120 } from './migrations/sem-indice-de-criacao-1764000000120.ts';
import { TentativasEstorno1764000000009 } from './migrations/tentativas-estorno-1764000000009.ts';
import { TransacoesPorPagamento1764000000008 } from './migrations/transacoes-por-pagamento-1764000000008.ts';
import { WebhooksConcluidos1764000000012 } from './migrations/webhooks-concluidos-1764000000012.ts';
import { WebhooksStripe1764000000002 } from './migrations/webhooks-stripe-1764000000002.ts';

/** In the order they run, after those of the runtime. */
export const migrations: readonly MigrationClass[] = [
  Pagamentos1764000000001,
  WebhooksStripe1764000000002,
  EncerramentosEstornos1764000000003,
  CadeiaInstantaneos1764000000004,
  Reconciliacao1764000000005,
  Creditos1764000000006,
  CreditosNasCobrancas1764000000007,
  TransacoesPorPagamento1764000000008,
  TentativasEstorno1764000000009,
  ReconciliacaoIndexada1764000000010,
  WebhooksConcluidos1764000000012,
  Excedentes1764000000070,
  SemIndiceDeCriacao1764000000120,
  Remocoes1764000000131,
  PagamentosPorCliente1764000000210,
];
