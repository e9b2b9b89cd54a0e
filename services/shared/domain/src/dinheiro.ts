/** Money as whole cents of one currency. Immutable; every operation refuses to mix currencies. */
export class Dinheiro {
  readonly centavos: bigint;
  readonly moeda: string;

  private constructor(centavos: bigint, moeda: string) {
    this.centavos = centavos;
    this.moeda = moeda;
  }

  /** @throws RangeError when `moeda` is not an ISO 4217 code in upper case. */
  static deCentavos(centavos: bigint | number, moeda = 'BRL'): Dinheiro {
    if (!/^[A-Z]{3}$/.test(moeda)) throw new RangeError(`"${moeda}" is not a currency code`);
    return new Dinheiro(BigInt(centavos), moeda);
  }

  /** Nothing, in the given currency. */
  static zero(moeda = 'BRL'): Dinheiro {
    return Dinheiro.deCentavos(0n, moeda);
  }

  /** @throws RangeError on another currency. */
  somar(outro: Dinheiro): Dinheiro {
    this.#exigirMesmaMoeda(outro);
    return new Dinheiro(this.centavos + outro.centavos, this.moeda);
  }

  /** @throws RangeError on another currency. */
  subtrair(outro: Dinheiro): Dinheiro {
    this.#exigirMesmaMoeda(outro);
    return new Dinheiro(this.centavos - outro.centavos, this.moeda);
  }

  /** This amount times `numerador / denominador`, rounded half-up (half away from zero): the only rounding rule. */
  multiplicarFracao(numerador: bigint, denominador: bigint): Dinheiro {
    return new Dinheiro(dividirHalfUp(this.centavos * numerador, denominador), this.moeda);
  }

  /** Same amount in the same currency. */
  equals(outro: Dinheiro): boolean {
    return this.centavos === outro.centavos && this.moeda === outro.moeda;
  }

  #exigirMesmaMoeda(outro: Dinheiro): void {
    if (outro.moeda !== this.moeda) throw new RangeError(`cannot mix ${this.moeda} and ${outro.moeda}`);
  }
}

function dividirHalfUp(valor: bigint, divisor: bigint): bigint {
  if (divisor <= 0n) throw new RangeError('the denominator must be positive');
  const magnitude = valor < 0n ? -valor : valor;
  const arredondado = (magnitude * 2n + divisor) / (divisor * 2n);
  return valor < 0n ? -arredondado : arredondado;
}
