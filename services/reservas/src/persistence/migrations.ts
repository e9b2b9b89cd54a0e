import type { MigrationClass } from '@plataforma/runtime/postgres';
import { BonusDeGestores1764000000044 } from './migrations/bonus-de-gestores-1764000000044.ts';
import { Calendarios1764000000010 } from './migrations/calendarios-1764000000010.ts';
import { Contas1764000000042 } from './migrations/contas-1764000000042.ts';
import { ContasReativadas1764000000110 } from './migrations/contas-reativadas-1764000000110.ts';
import { Cotacoes1764000000003 } from './migrations/cotacoes-1764000000003.ts';
import { CotacoesVencidas1764000000052 } from './migrations/cotacoes-vencidas-1764000000052.ts';
import { Creditos1764000000014 } from './migrations/creditos-1764000000014.ts';
import { Devolucoes1764000000017 } from './migrations/devolucoes-1764000000017.ts';
import { Devolvivel1764000000060 } from './migrations/devolvivel-1764000000060.ts';
import { DireitosDosCalendarios1764000000091 } from './migrations/direitos-dos-calendarios-1764000000091.ts';
import { EspacoGestores1764000000011 } from './migrations/espaco-gestores-1764000000011.ts';
import { Espacos1764000000001 } from './migrations/espacos-1764000000001.ts';
import { EspacosBusca1764000000050 } from './migrations/espacos-busca-1764000000050.ts';
import { Fechamentos1764000000007 } from './migrations/fechamentos-1764000000007.ts';
import { FilaEspera1764000000009 } from './migrations/fila-espera-1764000000009.ts';
import { GeracoesDosCalendarios1764000000140 } from './migrations/geracoes-dos-calendarios-1764000000140.ts';
import { GestoesEncerradas1764000000043 } from './migrations/gestoes-encerradas-1764000000043.ts';
import { LimitesDePendentes1764000000090 } from './migrations/limites-de-pendentes-1764000000090.ts';
import { Remocoes1764000000131 } from './migrations/remocoes-1764000000131.ts';
import { Reservas1764000000004 } from './migrations/reservas-1764000000004.ts';
import { ReservasAceitas1764000000045 } from './migrations/reservas-aceitas-1764000000045.ts';
import { ReservasCiclo1764000000006 } from './migrations/reservas-ciclo-1764000000006.ts';
import { ReservasCriadasPor1764000000040 } from './migrations/reservas-criadas-por-1764000000040.ts';
import { ReservasDoEspaco1764000000013 } from './migrations/reservas-do-espaco-1764000000013.ts';
import { ReservasGratuitas1764000000012 } from './migrations/reservas-gratuitas-1764000000012.ts';
import { ReservasHistorico1764000000005 } from './migrations/reservas-historico-1764000000005.ts';
import { ReservasSemPagamento1764000000016 } from './migrations/reservas-sem-pagamento-1764000000016.ts';
import { SagaOcorrencias1764000000015 } from './migrations/saga-ocorrencias-1764000000015.ts';
import { SemIndicesDeCriacao1764000000120 } from './migrations/sem-indices-de-criacao-1764000000120.ts';
import { Series1764000000008 } from './migrations/series-1764000000008.ts';
import { SeriesGuardamCreditos1764000000041 } from './migrations/series-guardam-creditos-1764000000041.ts';
import { SomenteInsercao1764000000002 } from './migrations/somente-insercao-1764000000002.ts';
import { Texto1764000000030 } from './migrations/texto-1764000000030.ts';
import { TrabalhosAdiados1764000000051 } from './migrations/trabalhos-adiados-1764000000051.ts';

/** The tables of this service, oldest first. */
export const migrations: readonly MigrationClass[] = [
  Espacos1764000000001,
  SomenteInsercao1764000000002,
  Cotacoes1764000000003,
  Reservas1764000000004,
  ReservasHistorico1764000000005,
  ReservasCiclo1764000000006,
  Fechamentos1764000000007,
  Series1764000000008,
  FilaEspera1764000000009,
  Calendarios1764000000010,
  EspacoGestores1764000000011,
  ReservasGratuitas1764000000012,
  ReservasDoEspaco1764000000013,
  Creditos1764000000014,
  SagaOcorrencias1764000000015,
  ReservasSemPagamento1764000000016,
  Devolucoes1764000000017,
  Texto1764000000030,
  ReservasCriadasPor1764000000040,
  SeriesGuardamCreditos1764000000041,
  Contas1764000000042,
  GestoesEncerradas1764000000043,
  BonusDeGestores1764000000044,
  EspacosBusca1764000000050,
  TrabalhosAdiados1764000000051,
  ReservasAceitas1764000000045,
  CotacoesVencidas1764000000052,
  Devolvivel1764000000060,
  LimitesDePendentes1764000000090,
  DireitosDosCalendarios1764000000091,
  ContasReativadas1764000000110,
  SemIndicesDeCriacao1764000000120,
  Remocoes1764000000131,
  GeracoesDosCalendarios1764000000140,
];
