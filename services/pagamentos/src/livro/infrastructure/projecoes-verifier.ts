import type { Sql } from '@plataforma/runtime/transaction';
import {
  statusDe,
  totalComprometido,
  totalEstornado,
  totalExcedente,
} from '../../pagamento/domain/contas.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { type Cobranca, fold } from '../../pagamento/domain/pagamento.ts';
import { EventStore } from '../../pagamento/infrastructure/event-store.ts';
import type { Defeito } from './defeito.ts';

const PAGINA = 500;

const PAGAMENTOS = `
  select p.id as fluxo, p.versao, p.status, p.centavos, p.creditos, p.estornado, p.comprometido, p.excedente, t.cartao
  from pagamentos p cross join lateral (
    select coalesce(sum(case when tipo in ('CAPTURA', 'ESTORNO_DEVOLVIDO') then centavos
      when tipo = 'ESTORNO' then -centavos end), 0) as cartao
    from transacoes where pagamento_id = p.id) t
  where p.id > $1 order by p.id limit ${PAGINA}`;

type Numeros = 'centavos' | 'creditos' | 'estornado' | 'comprometido' | 'excedente' | 'cartao';

type Linha = { readonly fluxo: string; readonly versao: number } & Aparencia;

/** What is told of a payment; `cartao`: cents by card that its movements add up to. */
type Aparencia = Readonly<Record<Numeros | 'status', string>>;

/**
 * Compares status, amounts and movements by card of each payment with its events.
 *
 * @param exceto streams that are found to be broken: their events tell nothing
 */
export async function verificarProjecoes(sql: Sql, exceto: ReadonlySet<string>): Promise<Defeito[]> {
  const store = new EventStore(sql);
  const defeitos: Defeito[] = [];
  let depoisDe = '';
  for (;;) {
    const pagina: Linha[] = await sql.query(PAGAMENTOS, [depoisDe]);
    for (const linha of pagina)
      if (!exceto.has(linha.fluxo)) defeitos.push(...diferencas(linha, await store.read(linha.fluxo)));
    if (pagina.length < PAGINA) return defeitos;
    depoisDe = pagina.at(-1)?.fluxo ?? '';
  }
}

function diferencas({ fluxo, versao, ...linha }: Linha, eventos: readonly PagamentoEvent[]): Defeito[] {
  const cobranca = fold(eventos);
  if (cobranca.fase === 'INEXISTENTE') return [];
  const esperada = aparencia(cobranca, eventos);
  const campos = Object.keys(esperada) as (keyof Aparencia)[];
  return campos
    .filter((campo) => linha[campo] !== esperada[campo])
    .map((campo) => ({
      fluxo,
      versao,
      problema: `the projections say ${campo} ${linha[campo]}, the events ${esperada[campo]}`,
    }));
}

function aparencia(cobranca: Cobranca, eventos: readonly PagamentoEvent[]): Aparencia {
  return {
    status: statusDe(cobranca),
    centavos: String(cobranca.valor.centavos),
    creditos: String(cobranca.creditos.centavos),
    estornado: String(totalEstornado(cobranca)),
    comprometido: String(totalComprometido(cobranca)),
    excedente: String(cobranca.fase === 'APROVADO' ? totalExcedente(cobranca) : 0n),
    cartao: String(eventos.reduce((soma, evento) => soma + noCartao(cobranca, evento), 0n)),
  };
}

/** Cents by which an event moves money of the card. */
function noCartao({ estornos }: Cobranca, evento: PagamentoEvent): bigint {
  if (evento.tipo === 'PagamentoAprovado')
    return evento.intencaoId === undefined ? 0n : evento.valor.centavos;
  if (evento.tipo !== 'EstornoConcluido' && evento.tipo !== 'EstornoFalhou') return 0n;
  if (estornos.find(({ numero }) => numero === evento.numero)?.meio !== 'CARTAO') return 0n;
  if (evento.tipo === 'EstornoConcluido') return -evento.valor.centavos;
  return evento.devolvido ? evento.valor.centavos : 0n;
}
