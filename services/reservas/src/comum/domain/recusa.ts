import { DomainError } from '@plataforma/domain/domain-error';

/** Every reason for which this service refuses something. */
export type Motivo =
  | 'ACESSO_NEGADO'
  | 'ESPACO_NAO_ENCONTRADO'
  | 'RESERVA_NAO_ENCONTRADA'
  | 'ESPACO_INDISPONIVEL'
  | 'PERIODO_INVALIDO'
  | 'ESPACO_INATIVO'
  | 'ESPACO_FECHADO'
  | 'FECHAMENTO_NAO_ENCONTRADO'
  | 'CANCELAMENTO_FORA_DO_PRAZO'
  | 'MOTIVO_OBRIGATORIO'
  | 'ANTECEDENCIA_MINIMA'
  | 'ANTECEDENCIA_MAXIMA'
  | 'DURACAO_MINIMA'
  | 'DURACAO_MAXIMA'
  | 'FORA_DA_GRADE'
  | 'FORA_DO_HORARIO'
  | 'LIMITE_DE_RESERVAS'
  | 'EXTRA_INVALIDO'
  | 'COTACAO_INVALIDA'
  | 'TRANSICAO_INVALIDA'
  | 'PAGAMENTO_NAO_APROVADO'
  | 'ESPACO_INVALIDO'
  | 'ETAG_DESATUALIZADA'
  | 'PAGINA_INVALIDA'
  | 'SERIE_NAO_ENCONTRADA'
  | 'RECORRENCIA_INVALIDA'
  | 'SERIE_COM_CONFLITOS'
  | 'SERIE_COM_RECUSAS'
  | 'HORARIO_INEXISTENTE'
  | 'ENTRADA_NAO_ENCONTRADA'
  | 'VAGA_DISPONIVEL'
  | 'JA_NA_FILA'
  | 'LIMITE_DE_ESPERAS'
  | 'LIMITE_DE_PENDENTES'
  | 'LIMITE_DE_HORAS_PENDENTES'
  | 'PENDENCIA_RECENTE'
  | 'CALENDARIO_NAO_ENCONTRADO'
  | 'LIMITE_DE_CALENDARIOS'
  | 'CLIENTE_NAO_ENCONTRADO'
  | 'CONFLITO_DE_INTERESSES'
  | 'LIMITE_DE_BONUS'
  | 'VALOR_ABAIXO_DO_MINIMO'
  | 'VALOR_ACIMA_DO_MAXIMO';

/** A refusal of this service. The edge translates its reason into a status code. */
export abstract class Recusa extends DomainError {
  abstract override readonly motivo: Motivo;
}

/** What is asked for is allowed, but not without a word. */
export class MotivoObrigatorioError extends Recusa {
  readonly motivo = 'MOTIVO_OBRIGATORIO';
}
