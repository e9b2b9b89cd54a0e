import type { Lancamento, LivroDeCreditos, LivroDeReserva, Lote } from './livros.ts';

/** A bonus for a problem of the space: what the policy says, to its customer, once, and told among the movements. */
export function conferirBonus({ clienteId, confirmada, pagamento, bonus }: LivroDeReserva): string[] {
  const { excecao, percentual, prometido, concedido, concessoes, titular, movimento } = bonus;
  const pago = (pagamento?.cartao.pago ?? 0) + (pagamento?.creditos.pago ?? 0);
  const devido =
    excecao === 'PROBLEMA_NO_ESPACO' && confirmada ? Math.floor((pago * percentual + 50) / 100) : 0;
  // What a customer had back before is not compensated.
  const menos = (pagamento?.estornadoPorPessoas ?? 0) + (pagamento?.tomado ?? 0) > 0;
  const problemas: string[] = [];
  if (menos ? prometido > devido : prometido !== devido)
    problemas.push(`bonus of ${prometido} cents promised, the policy says ${devido}`);
  if (concedido !== prometido) problemas.push(`bonus of ${concedido} cents given, ${prometido} promised`);
  if (concessoes > 1) problemas.push(`bonus given ${concessoes} times`);
  if (titular !== null && titular !== clienteId) problemas.push(`bonus given to ${titular}`);
  if (movimento !== concedido)
    problemas.push(`bonus of ${movimento} cents among the movements, ${concedido} given`);
  return problemas;
}

const soma = (lancamentos: readonly Lancamento[]) =>
  lancamentos.reduce((total, { centavos }) => total + centavos, 0);

/** The ledger of credits, added up entry by entry. */
export function conferirCreditos({ lotes, lancamentos, saldos }: LivroDeCreditos): string[] {
  return [
    ...lotes.flatMap((lote) =>
      conferirLote(
        lote,
        lancamentos.filter((lancamento) => lancamento.lote === lote.id),
      ).map((problema) => `lot ${lote.id}: ${problema}`),
    ),
    ...conferirSaldos(lotes, lancamentos, saldos),
  ];
}

/** Credit never comes from nowhere, is never spent twice, and stays its owner's. */
function conferirLote({ clienteId, centavos, restante }: Lote, dele: readonly Lancamento[]): string[] {
  const problemas: string[] = [];
  const [transacoes, contas] = [new Map<string, number>(), new Map<string, number>()];
  for (const { transacao, conta, centavos: valor } of dele) {
    transacoes.set(transacao, (transacoes.get(transacao) ?? 0) + valor);
    const saldo = (contas.get(conta) ?? 0) + valor;
    contas.set(conta, saldo);
    const [tipo = '', dono] = conta.split(':');
    if (tipo !== 'plataforma' && (saldo < 0 || saldo > centavos))
      problemas.push(`${conta} has ${saldo} cents of ${centavos} after ${transacao}`);
    if (tipo === 'cliente' && dono !== clienteId) problemas.push(`${conta} has credit of ${clienteId}`);
  }
  for (const [transacao, total] of transacoes)
    if (total !== 0) problemas.push(`${transacao} does not add up to zero`);
  const resta = contas.get(`cliente:${clienteId}`) ?? 0;
  return restante === resta ? problemas : [...problemas, `holds ${restante} cents, its entries say ${resta}`];
}

/** What the movements tell a customer is what the ledger has. */
function conferirSaldos(
  lotes: readonly Lote[],
  lancamentos: readonly Lancamento[],
  saldos: LivroDeCreditos['saldos'],
): string[] {
  const clientes = new Set([...lotes.map(({ clienteId }) => clienteId), ...saldos.keys()]);
  return [...clientes].flatMap((clienteId) => {
    const livro = soma(lancamentos.filter(({ conta }) => conta === `cliente:${clienteId}`));
    const contado = saldos.get(clienteId) ?? 0;
    return livro === contado
      ? []
      : [`credit of ${clienteId}: ${contado} cents by the movements, ${livro} in the ledger`];
  });
}
