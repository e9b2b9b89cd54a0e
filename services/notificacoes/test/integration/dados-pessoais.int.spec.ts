import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Secao } from '@plataforma/runtime/personal-export';
import { autocommit } from '@plataforma/runtime/transaction';
import { allAbout } from '@plataforma/testing/personal-data';
import { decisionsAbout } from '@plataforma/testing/personal-tables';
import { FORA, secoesDeNotificacoes } from '../../src/dados-pessoais/infrastructure/secoes.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

const ANA = 'cli_ana';
const BIA = 'cli_bia';

let database: ServiceDatabase;
let secoes: readonly Secao[];

const sql = (text: string, values: unknown[] = []) => database.dataSource.query(text, values);

beforeAll(async () => {
  database = await createServiceDatabase();
  secoes = secoesDeNotificacoes(autocommit(database.dataSource));
  for (const [n, cliente] of [ANA, BIA].entries()) {
    await sql(
      `insert into contatos (usuario_id, nome, email, versao, atualizado_em) values ($1, $1, $1 || '@exemplo.com', 1, now())`,
      [cliente],
    );
    await sql(
      `insert into preferencias values ($1, true, false, false, true, '+551199999000' || $2::int, now())`,
      [cliente, n],
    );
    await sql(
      `insert into mudancas_de_preferencia (cliente_id, em, por, campo, valor) values ($1, now(), 'LINK', 'LEMBRETES/EMAIL', 'false')`,
      [cliente],
    );
    await sql(
      `insert into telefones (cliente_id, numero, provado_em) values ($1, '+551199999000' || $2::int, now())`,
      [cliente, n],
    );
    await sql(
      `insert into webhooks (id, dono_id, nome, url, tipos, espacos, assinatura, chave, criado_em)
       values ($2, $1, 'Loja', 'https://exemplo.com/', '{RESERVA_CRIADA}', '{}', 'HMAC', 'segredo', now())`,
      [cliente, `whk_${n}`],
    );
    await sql(
      `insert into dispositivos_push (id, cliente_id, tipo, nome, impressao, token, geracao, sessao_id, criado_em, registrado_em)
       values ($2, $1, 'FCM', 'Celular', sha256(convert_to($1, 'UTF8')), 'segredo', 1, 'ses', now(), now())`,
      [cliente, `dsp_${n}`],
    );
    for (const vez of [1, 2, 3]) {
      const id = `not_de${n}x${vez}`;
      await sql(
        `insert into notificacoes (id, cliente_id, canal, modelo, reserva_id, assunto, dados, status, versao, disponivel_em,
           criada_em, fato)
         values ($1, $2, 'EMAIL', 'REDEFINICAO_SENHA', '', 'Assunto', '{"codigo": "segredo"}', 'PENDENTE', 1, now(), now(), $1)`,
        [id, cliente],
      );
      await sql(
        `insert into historico_notificacoes values ($1, 1, $2, 'EMAIL', 'REDEFINICAO_SENHA', '', 'CRIADA', '', 'smtp 550', now())`,
        [id, cliente],
      );
    }
  }
});

afterAll(() => database.drop());

describe('what notificacoes tells of a person', () => {
  it('is decided for every table', async () => {
    const decisions = await decisionsAbout(database.dataSource, { secoes, fora: FORA });
    expect(decisions).toEqual({ undecided: [], gone: [], twice: [] });
    expect(secoes.map(({ nome }) => nome)).toEqual(secoes.map(({ nome }) => nome).sort());
  });

  it('is all of theirs, nothing of anybody else, and no code', async () => {
    const dela = await allAbout(secoes, ANA);
    const quantos = Object.fromEntries(Object.entries(dela).map(([nome, todas]) => [nome, todas.length]));
    expect(quantos).toEqual({
      'notificacoes.contato': 1,
      'notificacoes.dispositivos': 1,
      'notificacoes.historico': 3,
      'notificacoes.mensagens': 3,
      'notificacoes.mudancasDePreferencia': 1,
      'notificacoes.preferencias': 1,
      'notificacoes.telefone': 1,
      'notificacoes.webhooks': 1,
    });
    expect(dela['notificacoes.contato']?.[0]).toMatchObject({ email: 'cli_ana@exemplo.com' });
    expect(JSON.stringify(dela)).not.toMatch(/cli_bia|de1x|segredo|smtp/);
    expect(Object.values(await allAbout(secoes, 'cli_ninguem')).flat()).toEqual([]);
  });
});
