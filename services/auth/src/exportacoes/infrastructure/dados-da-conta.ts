import { lerPagina, type PaginaDeDados, type Secao, secaoSql } from '@plataforma/runtime/personal-export';
import type { Sql } from '@plataforma/runtime/transaction';
import type { SessoesQueries } from '../../sessoes/application/sessoes-queries.ts';
import type { Fonte } from '../application/ports.ts';

/** Tables of this database in which nothing is exported, and why. */
export const FORA: Readonly<Record<string, string>> = {
  chaves_assinatura: 'about no person',
  chaves_pessoais: 'keys, encrypted',
  chaves_pessoais_antigas: 'as chaves_pessoais',
  codigos_recuperacao: 'hashes of secrets; that one was used is among the security events',
  exportacoes_partes: 'the archives themselves',
  pedidos_senha: 'an address, for seconds, before it is known whether it has an account',
  remocoes: 'about accounts that are gone',
  remocoes_partes: 'about accounts that are gone',
  sessoes_terminadas: 'identities of sessions; their ends are among the security events',
};

const CHAVES_API = `
  select id as chave, id, nome, escopos, criado_em as "criadoEm", expira_em as "expiraEm", rotacionado_em as "rotacionadoEm",
    revogado_em as "revogadoEm", usado_em as "usadoEm", usado_de as "usadoDe"
  from chaves_api where usuario_id = $1 and id > $2 order by chaves_api.id limit $3`;

const CONTA = `
  select id as chave, id, nome, email, email_verificado as "emailVerificado", papeis, ativo,
    senha_hash is not null as "temSenha", criado_em as "criadoEm", atualizado_em as "atualizadoEm"
  from usuarios where id = $1 and id > $2 limit $3`;

/** Who else has done it, and where that person was, is theirs. Nobody knows who it was that was refused, or signed up again. */
const EVENTOS = `
  select em::text || '|' || id as chave, tipo, resultado, detalhe, em,
    case when autor_id = usuario_id then 'titular' when autor_id like 'cli\\_%' then 'outra pessoa' else autor_id end as autor,
    case when autor_id = usuario_id then endereco else '' end as endereco,
    case when autor_id = usuario_id then dispositivo else '' end as dispositivo
  from eventos_seguranca
  where usuario_id = $1 and (em, id) > (
    coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'),
    coalesce(split_part(nullif($2, ''), '|', 2)::bigint, 0))
  order by em, eventos_seguranca.id limit $3`;

const ENDERECOS_DEIXADOS = `
  select usuario_id as chave, email, deixado_em as "deixadoEm", vence_em as "venceEm"
  from enderecos_deixados where usuario_id = $1 and usuario_id > $2 limit $3`;

const EXPORTACOES = `
  select id::text as chave, id, estado, pedida_em as "pedidoEm", pronta_em as "prontoEm", expira_em as "expiraEm",
    endereco, dispositivo
  from exportacoes
  where usuario_id = $1 and id > coalesce(nullif($2, '')::uuid, '00000000-0000-0000-0000-000000000000')
  order by exportacoes.id limit $3`;

const FATORES = `
  select id::text as chave, tipo, criado_em as "criadoEm", ativado_em as "ativadoEm"
  from fatores
  where usuario_id = $1 and id > coalesce(nullif($2, '')::uuid, '00000000-0000-0000-0000-000000000000')
  order by fatores.id limit $3`;

const PASSKEYS = `
  select id::text as chave, nome, transportes, sincronizada, criada_em as "criadoEm", usada_em as "usadoEm"
  from passkeys
  where usuario_id = $1 and id > coalesce(nullif($2, '')::uuid, '00000000-0000-0000-0000-000000000000')
  order by passkeys.id limit $3`;

const REDEFINICOES = `
  select usuario_id as chave, email, numero, vence_em as "venceEm", usada_em as "usadoEm"
  from redefinicoes_senha where usuario_id = $1 and usuario_id > $2 limit $3`;

const TROCAS_DE_EMAIL = `
  select usuario_id as chave, de, para, numero, vence_em as "venceEm", usada_em as "usadoEm"
  from trocas_de_email where usuario_id = $1 and usuario_id > $2 limit $3`;

const VINCULOS = `
  select emissor as chave, emissor, sujeito, criado_em as "criadoEm"
  from vinculos where usuario_id = $1 and emissor > $2 order by emissor limit $3`;

/** What auth itself knows about a person, in the order of the archive. Secrets, hashes and keys are none of it. */
export function secoesDaConta(sql: Sql, sessoes: Pick<SessoesQueries, 'abertas'>): readonly Secao[] {
  return [
    secaoSql(sql, 'auth.chavesDeApi', ['chaves_api'], CHAVES_API),
    secaoSql(sql, 'auth.conta', ['usuarios'], CONTA),
    secaoSql(sql, 'auth.enderecosDeixados', ['enderecos_deixados'], ENDERECOS_DEIXADOS),
    secaoSql(sql, 'auth.eventosDeSeguranca', ['eventos_seguranca'], EVENTOS),
    secaoSql(sql, 'auth.exportacoes', ['exportacoes'], EXPORTACOES),
    secaoSql(sql, 'auth.fatores', ['fatores'], FATORES),
    secaoSql(sql, 'auth.passkeys', ['passkeys'], PASSKEYS),
    secaoSql(sql, 'auth.redefinicoesDeSenha', ['redefinicoes_senha'], REDEFINICOES),
    sessoesAbertas(sessoes),
    secaoSql(sql, 'auth.trocasDeEmail', ['trocas_de_email'], TROCAS_DE_EMAIL),
    secaoSql(sql, 'auth.vinculos', ['vinculos'], VINCULOS),
  ];
}

/** Sessions are in Redis, and few. */
function sessoesAbertas(sessoes: Pick<SessoesQueries, 'abertas'>): Secao {
  return {
    nome: 'auth.sessoes',
    tabelas: [],
    async ler(usuarioId, depoisDe, maximo) {
      const abertas = await sessoes.abertas(usuarioId);
      return abertas
        .filter(({ sessaoId }) => sessaoId > depoisDe)
        .sort((a, b) => (a.sessaoId < b.sessaoId ? -1 : 1))
        .slice(0, maximo)
        .map(({ sessaoId, criadoEm, usadoEm, expiraEm, endereco, dispositivo }) => ({
          chave: sessaoId,
          registro: { id: sessaoId, criadoEm, usadoEm, expiraEm, endereco, dispositivo },
        }));
    },
  };
}

/** auth, which has its own data at hand. */
export function fonteDaConta(secoes: readonly Secao[]): Fonte {
  return {
    nome: 'auth',
    async pagina(usuarioId: string, pagina: string): Promise<PaginaDeDados> {
      const lida = await lerPagina(secoes, usuarioId, pagina);
      if (!lida) throw new Error('a page of the own data is none');
      return lida;
    },
  };
}
