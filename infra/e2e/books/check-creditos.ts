import type { CreditosBook, Lancamento, Lote, ReservaBook } from './books.ts';

/** A bonus for a problem of the space: what the policy says, to its customer, once, and told among the movements. */
export function checkBonus({ clienteId, confirmada, pagamento, bonus }: ReservaBook): string[] {
  const { excecao, percentual, prometido, concedido, concessoes, titular, movimento } = bonus;
  const pago = (pagamento?.cartao.pago ?? 0) + (pagamento?.creditos.pago ?? 0);
  const devido =
    excecao === 'PROBLEMA_NO_ESPACO' && confirmada ? Math.floor((pago * percentual + 50) / 100) : 0;
  // What a customer had back before is not compensated.
  const less = (pagamento?.estornadoPorPessoas ?? 0) + (pagamento?.tomado ?? 0) > 0;
  const problems: string[] = [];
  if (less ? prometido > devido : prometido !== devido)
    problems.push(`bonus of ${prometido} cents promised, the policy says ${devido}`);
  if (concedido !== prometido) problems.push(`bonus of ${concedido} cents given, ${prometido} promised`);
  if (concessoes > 1) problems.push(`bonus given ${concessoes} times`);
  if (titular !== null && titular !== clienteId) problems.push(`bonus given to ${titular}`);
  if (movimento !== concedido)
    problems.push(`bonus of ${movimento} cents among the movements, ${concedido} given`);
  return problems;
}

const sum = (lancamentos: readonly Lancamento[]) =>
  lancamentos.reduce((total, { centavos }) => total + centavos, 0);

/** The ledger of credits, added up entry by entry. */
export function checkCreditos({ lotes, lancamentos, saldos }: CreditosBook): string[] {
  return [
    ...lotes.flatMap((lote) =>
      checkLote(
        lote,
        lancamentos.filter((lancamento) => lancamento.lote === lote.id),
      ).map((problem) => `lot ${lote.id}: ${problem}`),
    ),
    ...checkSaldos(lotes, lancamentos, saldos),
  ];
}

/** Credit never comes from nowhere, is never spent twice, and stays its owner's. */
function checkLote({ clienteId, centavos, restante }: Lote, its: readonly Lancamento[]): string[] {
  const problems: string[] = [];
  const [transacoes, contas] = [new Map<string, number>(), new Map<string, number>()];
  for (const { transacao, conta, centavos: valor } of its) {
    transacoes.set(transacao, (transacoes.get(transacao) ?? 0) + valor);
    const saldo = (contas.get(conta) ?? 0) + valor;
    contas.set(conta, saldo);
    const [tipo = '', owner] = conta.split(':');
    if (tipo !== 'plataforma' && (saldo < 0 || saldo > centavos))
      problems.push(`${conta} has ${saldo} cents of ${centavos} after ${transacao}`);
    if (tipo === 'cliente' && owner !== clienteId) problems.push(`${conta} has credit of ${clienteId}`);
  }
  for (const [transacao, total] of transacoes)
    if (total !== 0) problems.push(`${transacao} does not add up to zero`);
  const left = contas.get(`cliente:${clienteId}`) ?? 0;
  return restante === left ? problems : [...problems, `holds ${restante} cents, its entries say ${left}`];
}

/** What the movements tell a customer is what the ledger has. */
function checkSaldos(
  lotes: readonly Lote[],
  lancamentos: readonly Lancamento[],
  saldos: CreditosBook['saldos'],
): string[] {
  const clientes = new Set([...lotes.map(({ clienteId }) => clienteId), ...saldos.keys()]);
  return [...clientes].flatMap((clienteId) => {
    const inLedger = sum(lancamentos.filter(({ conta }) => conta === `cliente:${clienteId}`));
    const told = saldos.get(clienteId) ?? 0;
    return inLedger === told
      ? []
      : [`credit of ${clienteId}: ${told} cents by the movements, ${inLedger} in the ledger`];
  });
}
