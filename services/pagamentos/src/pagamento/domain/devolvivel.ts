import { Dinheiro } from '@plataforma/domain/dinheiro';
import { totalIndisponivel, valorNoCartao } from './contas.ts';
import type { Cobranca, Estorno } from './pagamento.ts';

/** What of the charged amount has neither gone back nor is on its way, nor was taken by the customer's bank. */
export interface Devolvivel {
  /** By credit and by card together. */
  readonly valor: Dinheiro;
  /** The part that credit has paid. */
  readonly creditos: Dinheiro;
}

/** What can still be promised back of what was charged, whatever becomes of a surplus; undefined before money came. */
export function devolvivelDe(cobranca: Cobranca): Devolvivel | undefined {
  if (cobranca.fase !== 'APROVADO') return undefined;
  const { aprovacao, valor } = cobranca;
  const creditos = aprovacao.creditos.centavos - totalIndisponivel(cobranca, 'CREDITO');
  const [noCartao, { centavos: cobrado }] = [
    aprovacao.valor.centavos - totalIndisponivel(cobranca, 'CARTAO'),
    valorNoCartao(cobranca),
  ];
  const comExcedente = noCartao > cobrado;
  const cartao = comExcedente ? cobrado : noCartao;
  return {
    valor: Dinheiro.deCentavos(creditos + cartao, valor.moeda),
    creditos: Dinheiro.deCentavos(creditos, valor.moeda),
  };
}

/** One request to give back: its movements together. */
export interface PedidoDeVolta {
  readonly numero: number;
  readonly movimentos: number;
  readonly origem: Estorno['origem'];
  readonly valor: Dinheiro;
  readonly creditos: Dinheiro;
}

/** The refund that a movement belongs to. */
export function pedidoDe(
  { estornos, valor: { moeda } }: Cobranca,
  numero: number,
): PedidoDeVolta | undefined {
  const movimento = estornos.find((outro) => outro.numero === numero);
  if (!movimento) return undefined;
  const { pedido, origem } = movimento;
  const movimentos = estornos.filter((outro) => outro.pedido === pedido);
  const soma = (destes: readonly Estorno[]) =>
    destes.reduce((total, { valor }) => total.somar(valor), Dinheiro.zero(moeda));
  return {
    numero: pedido,
    movimentos: movimentos.length,
    origem,
    valor: soma(movimentos),
    creditos: soma(movimentos.filter(({ meio }) => meio === 'CREDITO')),
  };
}
