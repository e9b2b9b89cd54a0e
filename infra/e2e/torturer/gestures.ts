import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import type { StripeStandIn } from '@plataforma/dev/stripe/server';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { LivroDeCreditos } from '../../../services/pagamentos/src/creditos/application/ports.ts';
import type { Sources } from '../books/books.ts';

/** Of the space; Brazil has no summer time. */
export const FUSO = { nome: 'America/Sao_Paulo', horas: -3 };

/** The space that a run books, whether its time stands still or not. */
export const SALA = {
  nome: 'Sala Ipê',
  tipo: TipoEspaco.SALA_REUNIAO,
  capacidade: 8,
  precoPorHora: { centavos: 100_01n, moeda: 'BRL' },
  fusoHorario: FUSO.nome,
};

/** The customer has an account and a verified address. */
export async function cadastrar(query: Sources['query'], clienteId: string): Promise<void> {
  const contato = `
    insert into contatos (usuario_id, nome, email, versao, atualizado_em, email_verificado)
    values ($1, 'Bia', $2, 1, now(), true)`;
  await query('notificacoes', contato, [clienteId, `${clienteId}@exemplo.com`]);
  const conta = 'insert into contas (usuario_id, versao, ativa) values ($1, 1, true)';
  await query('reservas', conta, [clienteId]);
}

/** An earlier booking went wrong. */
export async function darCredito(
  livro: Pick<LivroDeCreditos, 'conceder'>,
  clienteId: string,
  centavos: bigint,
  at: Date,
): Promise<void> {
  await livro.conceder(clienteId, Dinheiro.deCentavos(centavos, 'BRL'), `bonus:res_de_${clienteId}`, at);
}

/** Somebody gives money back by hand, in Stripe's dashboard. */
export async function estornarNoStripe(
  { url, secretKey }: Pick<StripeStandIn, 'url' | 'secretKey'>,
  intencaoId: string,
  centavos: number,
): Promise<void> {
  const response = await fetch(`${url}/v1/refunds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secretKey}` },
    body: new URLSearchParams({ payment_intent: intencaoId, amount: `${centavos}` }),
  });
  if (!response.ok) throw new Error(`refund by hand: ${response.status} ${await response.text()}`);
}
