/** What a movement of money changes: what the customer has paid, or the store credit. */
export type Conta = 'pago' | 'creditos';

interface Natureza {
  readonly conta: Conta;
  /** Whether it raises or lowers the balance. */
  readonly sinal: 1n | -1n;
}

const ENTRA = 1n;
const SAI = -1n;

const NATUREZAS: Readonly<Record<string, Natureza>> = {
  CAPTURA: { conta: 'pago', sinal: ENTRA },
  ESTORNO: { conta: 'pago', sinal: SAI },
  ESTORNO_DEVOLVIDO: { conta: 'pago', sinal: ENTRA },
  CREDITO_CONCEDIDO: { conta: 'creditos', sinal: ENTRA },
  CREDITO_DEVOLVIDO: { conta: 'creditos', sinal: ENTRA },
  CREDITO_USADO: { conta: 'creditos', sinal: SAI },
  CREDITO_EXPIRADO: { conta: 'creditos', sinal: SAI },
};

/** @throws Error on a kind of movement that has no line above: balances must not be guessed. */
export function naturezaDe(tipo: string): Natureza {
  const natureza = Object.hasOwn(NATUREZAS, tipo) ? NATUREZAS[tipo] : undefined;
  if (!natureza) throw new Error(`nobody has said what a movement of kind ${tipo} does to a balance`);
  return natureza;
}

/** Cents of both accounts. */
export type Saldos = Readonly<Record<Conta, bigint>>;

export const SALDOS_ZERO: Saldos = { pago: 0n, creditos: 0n };

/** The balances after a movement, or after several of one kind. */
export function movimentar(saldos: Saldos, tipo: string, centavos: bigint): Saldos {
  const { conta, sinal } = naturezaDe(tipo);
  return { ...saldos, [conta]: saldos[conta] + sinal * centavos };
}
