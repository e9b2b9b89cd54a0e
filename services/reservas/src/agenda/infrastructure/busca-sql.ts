import { OCUPA_SQL } from './ocupantes-sql.ts';

/** What makes a tariff within a kind of space. */
const FORMA =
  'fuso_horario, pico_centesimos, fim_de_semana_centesimos, antecedencia_centesimos, taxa_limpeza_centavos';

const TARIFA = `tipo, ${FORMA}`;

const de = (alias: string, colunas: string) => colunas.replaceAll(/\w+/g, (coluna) => `${alias}.${coluna}`);

/** Jumps through `espacos_busca_ix` from one tariff to the next, over all the spaces of each. */
export const TARIFAS = `
  with recursive tarifas as (
    select primeira.* from unnest($1::text[]) as q (tipo) cross join lateral (
      select ${TARIFA} from espacos e
      where e.ativo and e.tipo = q.tipo order by ${de('e', FORMA)} limit 1) as primeira
    union all
    select seguinte.* from tarifas t cross join lateral (
      select ${de('e', TARIFA)} from espacos e
      where e.ativo and e.tipo = t.tipo and (${de('e', FORMA)}) > (${de('t', FORMA)})
      order by ${de('e', FORMA)} limit 1) as seguinte
  )
  select ${TARIFA} from tarifas`;

/** The next spaces of the tariff `t`; all that decides is in `espacos_busca_ix`. */
const DA_TARIFA = (maximo: string) => `
  select e.id, e.preco_por_hora_centavos as preco from espacos e
  where e.ativo and (${de('e', TARIFA)}) = (${de('t', TARIFA)})
    and (e.preco_por_hora_centavos, e.id collate "C") > (t.de_preco, t.de_id)
    and e.preco_por_hora_centavos <= t.cobravel_ate
    and (e.preco_por_hora_centavos < t.gratis_abaixo or e.preco_por_hora_centavos >= t.cobravel_de)
    and e.capacidade >= $16
    and $17::float8 between e.duracao_minima_minutos and e.duracao_maxima_minutos
    and $18::float8 between e.antecedencia_minima_minutos and e.antecedencia_maxima_dias * 1440
    and t.minuto_inicio % e.grade_minutos = 0 and t.minuto_fim % e.grade_minutos = 0
  order by e.preco_por_hora_centavos, e.id collate "C" limit ${maximo}`;

const VALOR = (preco: string) =>
  `div(2 * ${preco} * t.numerador + t.denominador, 2 * t.denominador) + t.taxa_limpeza_centavos`;

/**
 * The next spaces of all tariffs by total. The first `n` of the merged list are of the `n` tariffs whose own next space
 * comes first, so only those are read any further. Then one look a space into the index of its reservations, within the
 * largest buffer around the period: those count whose own buffer, or the space's, reaches into it.
 */
export const PROXIMOS = `
  with tarifas as (
    select * from unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::int[], $6::bigint[], $7::numeric[],
      $8::numeric[], $9::bigint[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::int[], $15::int[])
    as t (${TARIFA}, numerador, denominador, de_preco, de_id, gratis_abaixo, cobravel_de, cobravel_ate, minuto_inicio,
      minuto_fim)
  ), primeiras as (
    select t.* from tarifas t cross join lateral (${DA_TARIFA('1')}) as c
    order by ${VALOR('c.preco')}, c.preco, c.id collate "C" limit $22
  ), proximos as (
    select c.id, ${VALOR('c.preco')} as valor, c.preco from primeiras t cross join lateral (${DA_TARIFA('$22')}) as c
    order by 2, 3, c.id collate "C" limit $22
  )
  select e.id, p.valor, p.preco as preco_por_hora_centavos, e.fuso_horario, e.horarios, e.ativo,
    e.antecedencia_minima_minutos, e.antecedencia_maxima_dias, e.duracao_minima_minutos, e.duracao_maxima_minutos,
    e.grade_minutos, exists (
      select from reservas r
      where r.espaco_id = e.id
        and tstzrange(r.data_inicio, r.data_fim) && tstzrange($19::timestamptz - $21::interval, $20::timestamptz + $21::interval)
        and r.data_inicio < $20::timestamptz + greatest(e.folga_minutos, r.folga_minutos) * interval '1 minute'
        and r.data_fim > $19::timestamptz - greatest(e.folga_minutos, r.folga_minutos) * interval '1 minute'
        and r.${OCUPA_SQL}) as ocupado
  from proximos p join espacos e on e.id = p.id
  order by p.valor, p.preco, e.id collate "C"`;
