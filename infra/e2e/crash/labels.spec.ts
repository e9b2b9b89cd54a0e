import { describe, expect, it } from '@jest/globals';
import { commitLabel, writesOf } from './labels.ts';

describe('the name of a commit', () => {
  it.each([
    ['insert into reservas (id) values ($1)', ['reservas']],
    ['update fila set tentar_em = $1 where id = (select id from fila for update skip locked)', ['fila']],
    ['update notificacoes n set posse = $1', ['notificacoes']],
    ['insert into a (id) values (1) on conflict (id) do update set id = 2', ['a']],
    ['with t as (update x set y = 1 returning *) insert into z select * from t', ['x', 'z']],
    ['delete from checkouts_pendentes where id = $1', ['checkouts_pendentes']],
    ['select * from reservas where id = $1 for no key update', []],
  ])('knows what is written by %s', (sql, tables) => {
    expect(writesOf(sql)).toEqual(tables);
  });

  it('tells the tables and the facts, each once and in one order', () => {
    const statements = [
      { sql: 'update reservas set status = $1', values: ['CONFIRMADA', 'ReservaConfirmada'] },
      {
        sql: 'insert into outbox (assunto) select 1',
        values: [['reservas.v1.ReservaConfirmada'], ['res_1']],
      },
      { sql: 'insert into inbox (a) values ($1)', values: ['reservas-pagamentos'] },
    ];
    expect(commitLabel(statements)).toBe(
      'commit inbox outbox reservas [ReservaConfirmada reservas.v1.ReservaConfirmada]',
    );
  });

  it('does not exist when nothing is written', () => {
    expect(commitLabel([])).toBeUndefined();
    expect(commitLabel([{ sql: 'select 1', values: [] }])).toBeUndefined();
  });
});
