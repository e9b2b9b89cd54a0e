import { type Secao, secaoSql } from '@plataforma/runtime/personal-export';
import type { Sql } from '@plataforma/runtime/transaction';

/** Tables of this database in which nothing is exported, and why. */
export const FORA: Readonly<Record<string, string>> = {
  administradores: 'who is an administrator, by id: auth tells of roles',
  codigos_de_telefone: 'the number of the preferences, for a day, and a digest of a code',
  envios_do_dia: 'how many messages an address or a number got, by its hash, for a day',
  historico_a_copiar: 'which records of the history are on their way to a copy of it',
  historico_migracao: 'how far a command is',
  remocoes: 'about accounts that are gone',
  retornos: 'what providers told of messages, for a week: what came of it is with the messages',
  resumos_de_devolucoes: 'days of which administrators were told',
  reservas: 'about reservations, which reservas tells of',
  webhook_reservas: 'which space a reservation is of',
  webhook_donos_sem_acesso: 'who was no administrator any more, by id, for 20 minutes',
  webhook_eventos: 'what receivers are told: it names nobody',
  webhook_entregas: 'how far receivers are told',
};

const CONTATO = `
  select usuario_id as chave, nome, email, email_verificado as "emailVerificado", atualizado_em as "atualizadoEm",
    removido_em as "removidoEm", devolve_desde as "devolveDesde"
  from contatos where usuario_id = $1 and usuario_id > $2 limit $3`;

/** Without what they are reached by, which is a secret of theirs. */
const DISPOSITIVOS = `
  select id as chave, tipo, nome, criado_em as "criadoEm", registrado_em as "registradoEm",
    ultimo_envio_em as "ultimoEnvioEm"
  from dispositivos_push where cliente_id = $1 and id > $2 order by id limit $3`;

/** Without what the mail server said. */
const HISTORICO = `
  select n.criada_em::text || '|' || n.id || '|' || h.sequencia as chave, h.notificacao_id as "notificacaoId",
    h.sequencia, h.canal, h.modelo, h.tipo, h.destino, h.ocorrido_em as "ocorridoEm"
  from notificacoes n join historico_notificacoes h on h.notificacao_id = n.id
  where n.cliente_id = $1
    and (n.criada_em, n.id) >= (
      coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2))
    and (n.criada_em, n.id, h.sequencia) > (
      coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2),
      coalesce(nullif(split_part($2, '|', 3), '')::integer, 0))
  order by n.criada_em, n.id, h.sequencia limit $3`;

/** What they say was sent; codes in them are erased then, and are secrets before. */
const MENSAGENS = `
  select criada_em::text || '|' || id as chave, id, canal, modelo, assunto, coalesce(destino, '') as destino, status,
    reserva_id as "reservaId", criada_em as "criadoEm", devida_em as "devidaEm", enviada_em as "enviadoEm",
    coalesce(provedor, '') as provedor, coalesce(entrega, '') as entrega, entrega_em as "entregaEm"
  from notificacoes
  where cliente_id = $1 and (criada_em, id) > (
    coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2))
  order by criada_em, notificacoes.id limit $3`;

const PREFERENCIAS = `
  select cliente_id as chave, email, sms, push, lembretes, telefone, desligadas, idioma,
    silencio_inicio as "silencioInicio", silencio_fim as "silencioFim", silencio_fuso as "silencioFuso",
    silencio_email as "silencioEmail",
    atualizadas_em as "atualizadoEm"
  from preferencias where cliente_id = $1 and cliente_id > $2 limit $3`;

const MUDANCAS = `
  select id::text as chave, em, por, campo, valor
  from mudancas_de_preferencia
  where cliente_id = $1 and id > coalesce(nullif($2, '')::bigint, 0) order by mudancas_de_preferencia.id limit $3`;

const TELEFONE = `
  select cliente_id as chave, numero, provado_em as "provadoEm", recusado_em as "recusadoEm", aceito_em as "aceitoEm"
  from telefones where cliente_id = $1 and cliente_id > $2 limit $3`;

/** Without the keys that sign: they are secrets of the receiver, too. */
const WEBHOOKS = `
  select id as chave, nome, url, tipos, espacos, criado_em as "criadoEm"
  from webhooks where dono_id = $1 and id > $2 order by id limit $3`;

/** What notificacoes knows about a person, in the order of the archive. */
export function secoesDeNotificacoes(sql: Sql): readonly Secao[] {
  return [
    secaoSql(sql, 'notificacoes.contato', ['contatos'], CONTATO),
    secaoSql(sql, 'notificacoes.dispositivos', ['dispositivos_push'], DISPOSITIVOS),
    secaoSql(sql, 'notificacoes.historico', ['historico_notificacoes'], HISTORICO),
    secaoSql(sql, 'notificacoes.mensagens', ['notificacoes'], MENSAGENS),
    secaoSql(sql, 'notificacoes.mudancasDePreferencia', ['mudancas_de_preferencia'], MUDANCAS),
    secaoSql(sql, 'notificacoes.preferencias', ['preferencias'], PREFERENCIAS),
    secaoSql(sql, 'notificacoes.telefone', ['telefones'], TELEFONE),
    secaoSql(sql, 'notificacoes.webhooks', ['webhooks'], WEBHOOKS),
  ];
}
