import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { Recusa } from '../../comum/domain/recusa.ts';
import {
  type ExtraInvalidoError,
  type ExtraPedido,
  type ExtraReservado,
  escolherExtras,
} from '../../precos/domain/extras.ts';
import { MULTIPLICADORES_PADRAO, type Preco, precificar } from '../../precos/domain/precificacao.ts';
import { fusoCanonico } from '../../tempo/domain/hora-local.ts';
import type { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import {
  comTextosNormais,
  type DadosEspaco,
  FOLGA_PADRAO,
  problemaNoEspaco,
  type TipoEspaco,
} from './dados-espaco.ts';
import { type Dispensas, limitesCom, NENHUMA_DISPENSA } from './dispensas.ts';
import { EspacoFechadoError, type Fechamento, fechamentoEm } from './fechamento.ts';
import { LIMITES_DE_PENDENTES_PADRAO } from './limites-de-pendentes.ts';
import { type ForaDosLimitesError, LIMITES_PADRAO, verificarLimites } from './limites-reserva.ts';

export class EspacoInvalidoError extends Recusa {
  readonly motivo = 'ESPACO_INVALIDO';

  constructor(campo: string, porque: string) {
    super(`Espaço inválido em ${campo}: ${porque}.`, { campo });
  }
}

export class EspacoInativoError extends Recusa {
  readonly motivo = 'ESPACO_INATIVO';

  constructor() {
    super('Este espaço não recebe novas reservas.');
  }
}

export class EspacoNaoEncontradoError extends Recusa {
  readonly motivo = 'ESPACO_NAO_ENCONTRADO';

  constructor() {
    super('Espaço não encontrado.');
  }
}

export class EtagDesatualizadaError extends Recusa {
  readonly motivo = 'ETAG_DESATUALIZADA';

  constructor() {
    super('O espaço foi alterado por outra pessoa. Leia-o de novo antes de alterar.');
  }
}

/** A space as it is stored. */
export interface EstadoEspaco extends DadosEspaco {
  readonly id: string;
  readonly versao: number;
  readonly criadoEm: Date;
  readonly atualizadoEm: Date;
}

/** Names a version of a space; a caller who changes it may ask that no other did in between. */
export function etagDe({ versao }: EstadoEspaco): string {
  return `v${versao}`;
}

/** What must be said about a new space; the rest has defaults. */
export type NovoEspaco = Pick<DadosEspaco, 'nome' | 'tipo' | 'capacidade' | 'precoPorHora'> &
  Partial<Omit<DadosEspaco, 'ativo'>>;

/** What an update may change. */
export type MudancaEspaco = Partial<Omit<DadosEspaco, 'tipo' | 'fusoHorario'>>;

/** What an update may set back to what a new space of this kind has of which it is not said. */
export const COM_PADRAO = [
  ...(['endereco', 'taxaLimpeza', 'folgaMinutos', 'limites', 'horarios', 'extras'] as const),
  ...(['multiplicadores', 'esperaPagamentoMinutos', 'carenciaCancelamentoMinutos'] as const),
  ...(['limitesPendentes', 'bonusMensal'] as const),
] satisfies readonly (keyof ReturnType<typeof padroes>)[];

export type CampoComPadrao = (typeof COM_PADRAO)[number];

/** What a space has to say against a period, leaving aside what is booked there. */
export type PeriodoRecusadoError = EspacoInativoError | ForaDosLimitesError | EspacoFechadoError;

/** The part of a space that decides which periods it takes. */
export type RegrasDeUso = Pick<EstadoEspaco, 'ativo' | 'limites' | 'horarios' | 'fusoHorario'>;

/** {@link Espaco.aceita}, of a space of which no more is known than its rules. */
export function aceitaPeriodo(
  regras: RegrasDeUso,
  periodo: PeriodoReserva,
  agora: Date,
  fechamentos: readonly Fechamento[],
  dispensas: Dispensas = NENHUMA_DISPENSA,
): Result<void, PeriodoRecusadoError> {
  if (!regras.ativo) return Result.fail(new EspacoInativoError());
  const limites = limitesCom(dispensas, regras.limites);
  const cabe = verificarLimites(periodo, { ...regras, limites }, agora);
  if (cabe.isFailure) return cabe;
  const fechado = fechamentoEm(periodo, fechamentos, regras.fusoHorario);
  return fechado ? Result.fail(new EspacoFechadoError(fechado.motivo)) : Result.ok(undefined);
}

/** A place that can be booked by the hour. */
export class Espaco {
  #estado: EstadoEspaco;

  private constructor(estado: EstadoEspaco) {
    this.#estado = estado;
  }

  static criar(id: string, novo: NovoEspaco, agora: Date): Result<Espaco, EspacoInvalidoError> {
    const dados: DadosEspaco = { ...padroes(novo.tipo), ...novo, ativo: true };
    const validos = validar(dados);
    if (validos.isFailure) return validos;
    return Result.ok(new Espaco({ ...validos.value, id, versao: 1, criadoEm: agora, atualizadoEm: agora }));
  }

  /** A space read from where it is stored. */
  static restaurar(estado: EstadoEspaco): Espaco {
    return new Espaco(estado);
  }

  get estado(): EstadoEspaco {
    return this.#estado;
  }

  get id(): string {
    return this.#estado.id;
  }

  /**
   * Changes only what is given. Reservations made before keep what they were made with.
   *
   * @param aoPadrao goes back to its default
   */
  atualizar(
    dada: MudancaEspaco,
    etag: string | undefined,
    agora: Date,
    aoPadrao: readonly CampoComPadrao[] = [],
  ): Result<void, EspacoInvalidoError | EtagDesatualizadaError> {
    if (etag !== undefined && etag !== etagDe(this.#estado)) return Result.fail(new EtagDesatualizadaError());
    const padrao = padroes(this.#estado.tipo);
    const mudanca = { ...Object.fromEntries(aoPadrao.map((campo) => [campo, padrao[campo]])), ...dada };
    if (Object.keys(mudanca).length === 0) return Result.ok(undefined);
    const validos = validar({ ...this.#estado, ...mudanca });
    if (validos.isFailure) return validos;
    const { id, versao, criadoEm } = this.#estado;
    const atualizadoEm = this.#naoAntes(agora);
    this.#estado = { ...validos.value, id, versao: versao + 1, criadoEm, atualizadoEm };
    return Result.ok(undefined);
  }

  /** Idempotent. */
  desativar(agora: Date): void {
    if (!this.#estado.ativo) return;
    const versao = this.#estado.versao + 1;
    this.#estado = { ...this.#estado, ativo: false, versao, atualizadoEm: this.#naoAntes(agora) };
  }

  /** The latest change may have been made by a replica whose clock is ahead. */
  #naoAntes(agora: Date): Date {
    const { atualizadoEm } = this.#estado;
    return agora > atualizadoEm ? agora : atualizadoEm;
  }

  /**
   * Whether the space would take a reservation in this period, leaving aside who else is there.
   *
   * @param fechamentos those of the space around the period.
   */
  aceita(
    periodo: PeriodoReserva,
    agora: Date,
    fechamentos: readonly Fechamento[] = [],
    dispensas: Dispensas = NENHUMA_DISPENSA,
  ): Result<void, PeriodoRecusadoError> {
    return aceitaPeriodo(this.#estado, periodo, agora, fechamentos, dispensas);
  }

  escolherExtras(pedidos: readonly ExtraPedido[]): Result<ExtraReservado[], ExtraInvalidoError> {
    return escolherExtras(pedidos, this.#estado.extras);
  }

  precificar(periodo: PeriodoReserva, extras: readonly ExtraReservado[], agora: Date): Preco {
    const { precoPorHora, taxaLimpeza, multiplicadores, fusoHorario } = this.#estado;
    return precificar({ precoPorHora, taxaLimpeza, multiplicadores, fusoHorario, periodo, extras, agora });
  }
}

function padroes(tipo: TipoEspaco) {
  return {
    endereco: '',
    fusoHorario: 'America/Sao_Paulo',
    taxaLimpeza: Dinheiro.deCentavos(50_00),
    folgaMinutos: FOLGA_PADRAO[tipo],
    limites: LIMITES_PADRAO,
    horarios: [],
    extras: [],
    multiplicadores: MULTIPLICADORES_PADRAO,
    esperaPagamentoMinutos: 15,
    carenciaCancelamentoMinutos: 0,
    limitesPendentes: LIMITES_DE_PENDENTES_PADRAO,
    bonusMensal: Dinheiro.zero(),
  };
}

function validar(descrito: DadosEspaco): Result<DadosEspaco, EspacoInvalidoError> {
  const dados = comTextosNormais(descrito);
  const fusoHorario = fusoCanonico(dados.fusoHorario);
  if (fusoHorario === undefined)
    return Result.fail(new EspacoInvalidoError('fusoHorario', 'não é um fuso horário IANA'));
  const problema = problemaNoEspaco(dados);
  if (problema) return Result.fail(new EspacoInvalidoError(problema.campo, problema.porque));
  return Result.ok({ ...dados, fusoHorario });
}
