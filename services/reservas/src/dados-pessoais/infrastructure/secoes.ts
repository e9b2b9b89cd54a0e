import { type Secao, secaoSql } from '@plataforma/runtime/personal-export';
import type { Sql } from '@plataforma/runtime/transaction';

/** Tables of this database in which nothing is exported, and why. */
export const FORA: Readonly<Record<string, string>> = {
  bonus_de_gestores: 'about spaces',
  cotacoes: 'prices promised for ten minutes, gone a day later; a reservation keeps the one it was made with',
  espacos: 'about no person',
  fechamentos: 'about spaces',
  fila_vagas: 'about spaces',
  saga_ocorrencias: 'how messages came to a reservation; what they did is in its history',
  trabalhos_adiados: 'work that failed, for a day',
};

const CALENDARIOS = `
  select id as chave, id, espaco_id as "espacoId", criado_em as "criadoEm", revogado_em as "revogadoEm"
  from calendarios where dono_id = $1 and id > $2 order by calendarios.id limit $3`;

const CONTA = `
  select usuario_id as chave, ativa, gestor, nullif(admin_ate, 'infinity') as "adminAte",
    coalesce(admin_ate = 'infinity', false) as admin
  from contas where usuario_id = $1 and usuario_id > $2 limit $3`;

/** Who assigned it is somebody else. */
const ESPACOS_GERIDOS = `
  select espaco_id as chave, espaco_id as "espacoId", atribuido_em as "atribuidoEm"
  from espaco_gestores where usuario_id = $1 and espaco_id > $2 order by espaco_id limit $3`;

const FILA_DE_ESPERA = `
  select ordem::text as chave, id, status, espaco_id as "espacoId", data_inicio as "dataInicio", data_fim as "dataFim",
    extras, encerra_em as "encerraEm", reserva_id as "reservaId", oferta_expira_em as "ofertaExpiraEm",
    criada_em as "criadoEm", atualizada_em as "atualizadoEm"
  from fila_espera
  where cliente_id = $1 and ordem > coalesce(nullif($2, '')::bigint, 0) order by ordem limit $3`;

const GESTOES_ENCERRADAS = `
  select espaco_id as chave, espaco_id as "espacoId", ate
  from gestoes_encerradas where usuario_id = $1 and espaco_id > $2 order by espaco_id limit $3`;

/** As customers read it (`historicoPara`): neither who of the staff it was nor what they wrote for each other, nor codes of the provider. */
const HISTORICO = `
  select r.criada_em::text || '|' || r.id || '|' || h.versao as chave, h.reserva_id as "reservaId", h.versao, h.evento,
    h.de_status as "deStatus", h.para_status as "paraStatus", h.pagamento_id as "pagamentoId", h.em,
    case when h.quem = r.cliente_id then 'titular' when h.quem like 'servico:%' then h.quem else 'outra pessoa' end as quem,
    case when h.quem = r.cliente_id then h.porque when h.quem like 'servico:%' then split_part(h.porque, ': ', 1) end as porque
  from reservas r join reservas_historico h on h.reserva_id = r.id
  where r.cliente_id = $1
    and (r.criada_em, r.id) >= (
      coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2))
    and (r.criada_em, r.id, h.versao) > (
      coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2),
      coalesce(nullif(split_part($2, '|', 3), '')::integer, 0))
  order by r.criada_em, r.id, h.versao limit $3`;

const RESERVAS = `
  select criada_em::text || '|' || id as chave, id, status, espaco_id as "espacoId", espaco_nome as "espacoNome",
    espaco_endereco as "espacoEndereco", fuso_horario as "fusoHorario", data_inicio as "dataInicio",
    data_fim as "dataFim", preco, valor_centavos::float8 as "valorCentavos", moeda, extras, politica,
    cotacao_id as "cotacaoId", pagamento_id as "pagamentoId", guardar_creditos as "guardarCreditos",
    creditos_centavos::float8 as "creditosCentavos", serie_id as "serieId", serie_numero as "serieNumero",
    serie_data as "serieData", coalesce(criada_por, cliente_id) = cliente_id as "feitaPeloTitular",
    motivo_cancelamento as "motivoCancelamento", excecao_cancelamento as "excecaoCancelamento",
    reembolso_centavos::float8 as "reembolsoCentavos", reembolso_creditos::float8 as "reembolsoCreditos",
    bonus_centavos::float8 as "bonusCentavos", estorno_status as "estornoStatus", estornos,
    estornado_centavos::float8 as "estornadoCentavos", expira_em as "expiraEm", aceita_em as "aceitaEm",
    confirmada_em as "confirmadoEm", pago_em as "pagoEm", cancelada_em as "canceladoEm", criada_em as "criadoEm",
    atualizada_em as "atualizadoEm"
  from reservas
  where cliente_id = $1 and (criada_em, id) > (
    coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2))
  order by criada_em, reservas.id limit $3`;

const SERIES = `
  select criada_em::text || '|' || id as chave, id, espaco_id as "espacoId", fuso_horario as "fusoHorario",
    inicio_local as "inicioLocal", duracao_minutos as "duracaoMinutos", rrule, datas_excluidas as "datasExcluidas",
    extras, modo, puladas, guardar_creditos as "guardarCreditos", criada_por = cliente_id as "feitaPeloTitular",
    criada_em as "criadoEm"
  from series
  where cliente_id = $1 and (criada_em, id) > (
    coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2))
  order by criada_em, series.id limit $3`;

/** What reservas knows about a person, in the order of the archive. */
export function secoesDeReservas(sql: Sql): readonly Secao[] {
  return [
    secaoSql(sql, 'reservas.calendarios', ['calendarios'], CALENDARIOS),
    secaoSql(sql, 'reservas.conta', ['contas'], CONTA),
    secaoSql(sql, 'reservas.espacosGeridos', ['espaco_gestores'], ESPACOS_GERIDOS),
    secaoSql(sql, 'reservas.filaDeEspera', ['fila_espera'], FILA_DE_ESPERA),
    secaoSql(sql, 'reservas.gestoesEncerradas', ['gestoes_encerradas'], GESTOES_ENCERRADAS),
    secaoSql(sql, 'reservas.historico', ['reservas_historico'], HISTORICO),
    secaoSql(sql, 'reservas.reservas', ['reservas'], RESERVAS),
    secaoSql(sql, 'reservas.series', ['series'], SERIES),
  ];
}
