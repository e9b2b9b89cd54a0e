import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type EspacoSchema,
  type ExtraCatalogo as ExtraCatalogoMessage,
  type FechamentoSchema,
  type GestorEspacoSchema,
  type JanelaFuncionamento as JanelaMessage,
  type LimitesReserva as LimitesMessage,
  type Multiplicadores as MultiplicadoresMessage,
  type LimitesDePendentes as PendentesMessage,
  TipoEspaco,
} from '@plataforma/contratos/reservas/v1/espaco_pb';
import {
  type AtualizarEspacoRequest,
  AtualizarEspacoRequestSchema,
  type CriarEspacoRequest,
} from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { changesOf } from '@plataforma/runtime/update-mask';
import { dinheiroFrom, toDinheiroProto } from '../../comum/presentation/common-mappers.ts';
import { toRpcError } from '../../comum/presentation/errors.ts';
import type { ExtraCatalogo } from '../../precos/domain/extras.ts';
import type { Multiplicadores } from '../../precos/domain/precificacao.ts';
import {
  type CampoComPadrao,
  COM_PADRAO,
  EspacoInvalidoError,
  type EstadoEspaco,
  etagDe,
  type MudancaEspaco,
  type NovoEspaco,
} from '../domain/espaco.ts';
import type { Fechamento } from '../domain/fechamento.ts';
import type { Gestor } from '../domain/gestor.ts';
import type { JanelaFuncionamento } from '../domain/horario-funcionamento.ts';
import type { LimitesDePendentes } from '../domain/limites-de-pendentes.ts';
import type { LimitesReserva } from '../domain/limites-reserva.ts';

/** Left out: the defaults of the domain apply. */
export function novoEspacoFrom(request: CriarEspacoRequest): NovoEspaco {
  const tipo = nameFrom(TipoEspaco, request.tipo);
  if (!tipo) throw toRpcError(new EspacoInvalidoError('tipo', 'diga qual é'));
  return {
    nome: request.nome,
    tipo,
    capacidade: request.capacidade,
    precoPorHora: request.precoPorHora ? dinheiroFrom(request.precoPorHora) : Dinheiro.zero(),
    endereco: request.endereco,
    horarios: request.horarios.map(janelaFrom),
    extras: request.extras.map(extraFrom),
    ...given({ fusoHorario: request.fusoHorario === '' ? undefined : request.fusoHorario }),
    ...given({ taxaLimpeza: request.taxaLimpeza && dinheiroFrom(request.taxaLimpeza) }),
    ...given({ limites: request.limites && limitesFrom(request.limites) }),
    ...given({ multiplicadores: request.multiplicadores && multiplicadoresFrom(request.multiplicadores) }),
    ...given({ folgaMinutos: request.folgaMinutos }),
    ...given({ esperaPagamentoMinutos: request.esperaPagamentoMinutos }),
    ...given({ carenciaCancelamentoMinutos: request.carenciaCancelamentoMinutos }),
    ...given({ limitesPendentes: request.limitesPendentes && pendentesFrom(request.limitesPendentes) }),
    ...given({ bonusMensal: request.bonusMensal && dinheiroFrom(request.bonusMensal) }),
  };
}

/** Only what was sent, or named. */
export function mudancaEspacoFrom(request: AtualizarEspacoRequest): {
  readonly mudanca: MudancaEspaco;
  readonly aoPadrao: readonly CampoComPadrao[];
} {
  const { given: dada, cleared: aoPadrao } = changesOf(AtualizarEspacoRequestSchema, request, COM_PADRAO);
  const { nome, capacidade, endereco, folgaMinutos, ativo, esperaPagamentoMinutos } = dada;
  const mudanca = given({
    ...{ nome, capacidade, endereco, folgaMinutos, ativo, esperaPagamentoMinutos },
    carenciaCancelamentoMinutos: dada.carenciaCancelamentoMinutos,
    precoPorHora: dada.precoPorHora && dinheiroFrom(dada.precoPorHora),
    taxaLimpeza: dada.taxaLimpeza && dinheiroFrom(dada.taxaLimpeza),
    bonusMensal: dada.bonusMensal && dinheiroFrom(dada.bonusMensal),
    limites: dada.limites && limitesFrom(dada.limites),
    limitesPendentes: dada.limitesPendentes && pendentesFrom(dada.limitesPendentes),
    horarios: dada.horarios?.map(janelaFrom),
    extras: dada.extras?.map(extraFrom),
    multiplicadores: dada.multiplicadores && multiplicadoresFrom(dada.multiplicadores),
  });
  return { mudanca, aoPadrao };
}

export function toEspacoProto(espaco: EstadoEspaco): MessageInitShape<typeof EspacoSchema> {
  return {
    id: espaco.id,
    nome: espaco.nome,
    tipo: TipoEspaco[espaco.tipo],
    capacidade: espaco.capacidade,
    endereco: espaco.endereco,
    fusoHorario: espaco.fusoHorario,
    precoPorHora: toDinheiroProto(espaco.precoPorHora),
    taxaLimpeza: toDinheiroProto(espaco.taxaLimpeza),
    folgaMinutos: espaco.folgaMinutos,
    limites: { ...espaco.limites },
    limitesPendentes: { ...espaco.limitesPendentes },
    horarios: espaco.horarios.map((janela) => ({ ...janela })),
    extras: espaco.extras.map(({ preco, ...extra }) => ({ ...extra, preco: toDinheiroProto(preco) })),
    multiplicadores: { ...espaco.multiplicadores },
    ativo: espaco.ativo,
    esperaPagamentoMinutos: espaco.esperaPagamentoMinutos,
    carenciaCancelamentoMinutos: espaco.carenciaCancelamentoMinutos,
    etag: etagDe(espaco),
    criadoEm: timestampFromDate(espaco.criadoEm),
    atualizadoEm: timestampFromDate(espaco.atualizadoEm),
  };
}

/** With what is the business of those who run the space. */
export function toEspacoPorDentroProto(espaco: EstadoEspaco): MessageInitShape<typeof EspacoSchema> {
  return { ...toEspacoProto(espaco), bonusMensal: toDinheiroProto(espaco.bonusMensal) };
}

export function toFechamentoProto(fechamento: Fechamento): MessageInitShape<typeof FechamentoSchema> {
  const { id, espacoId, periodo, anual, motivo } = fechamento;
  const dataInicio = timestampFromDate(periodo.inicio);
  return { id, espacoId, dataInicio, dataFim: timestampFromDate(periodo.fim), anual, motivo };
}

export function toGestorProto({
  atribuidoEm,
  ...gestor
}: Gestor): MessageInitShape<typeof GestorEspacoSchema> {
  return { ...gestor, atribuidoEm: timestampFromDate(atribuidoEm) };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that are not undefined. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}

function janelaFrom({ diaSemana, abre, fecha }: JanelaMessage): JanelaFuncionamento {
  return { diaSemana, abre, fecha };
}

function extraFrom({ codigo, nome, preco, quantidadeMaxima }: ExtraCatalogoMessage): ExtraCatalogo {
  return { codigo, nome, quantidadeMaxima, preco: preco ? dinheiroFrom(preco) : Dinheiro.zero() };
}

function limitesFrom(limites: LimitesMessage): LimitesReserva {
  const { antecedenciaMinimaMinutos, antecedenciaMaximaDias, gradeMinutos } = limites;
  const { duracaoMinimaMinutos, duracaoMaximaMinutos } = limites;
  return {
    ...{ antecedenciaMinimaMinutos, antecedenciaMaximaDias, gradeMinutos },
    ...{ duracaoMinimaMinutos, duracaoMaximaMinutos },
  };
}

function pendentesFrom({ reservas, horas, resfriamentoMinutos }: PendentesMessage): LimitesDePendentes {
  return { reservas, horas, resfriamentoMinutos };
}

function multiplicadoresFrom(multiplicadores: MultiplicadoresMessage): Multiplicadores {
  const { picoCentesimos, fimDeSemanaCentesimos, antecedenciaCentesimos } = multiplicadores;
  return { picoCentesimos, fimDeSemanaCentesimos, antecedenciaCentesimos };
}
