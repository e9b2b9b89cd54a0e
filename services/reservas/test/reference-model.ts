/** What a reservation is reduced to: minutes since the beginning of the run, and what can be seen of it. */
export interface ModelReserva {
  readonly cliente: number;
  readonly espaco: number;
  readonly inicio: number;
  readonly fim: number;
  readonly expiraEm: number;
  status: string;
  paga: boolean;
  /** In percent of what was paid; undefined before a cancellation. */
  volta: number | undefined;
  devolvida: boolean;
}

/** What is asked for. */
export type Pedido = Pick<ModelReserva, 'cliente' | 'espaco' | 'inicio' | 'fim'>;

/** The rules once more, as plainly as they can be said. Slow, in memory, one at a time. */
export class ReferenceModel {
  now = 0;
  readonly reservas: ModelReserva[] = [];
  readonly folgas: readonly number[];

  constructor(folgas: readonly number[]) {
    this.folgas = folgas;
  }

  ocupa({ status }: ModelReserva): boolean {
    return ['PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA'].includes(status);
  }

  livre({ espaco, inicio, fim }: Pedido): boolean {
    const folga = this.folgas[espaco] ?? 0;
    const neighbours = this.reservas.filter((r) => this.ocupa(r) && r.espaco === espaco);
    return neighbours.every((r) => fim + folga <= r.inicio || r.fim + folga <= inicio);
  }

  noLimite({ cliente }: Pedido): boolean {
    const ativas = this.reservas.filter((r) => this.ocupa(r) && r.cliente === cliente && r.fim > this.now);
    return ativas.length >= 5;
  }

  criar(pedido: Pedido): string {
    if (pedido.inicio - this.now < 120) return 'ANTECEDENCIA_MINIMA';
    if (this.noLimite(pedido)) return 'LIMITE_DE_RESERVAS';
    if (!this.livre(pedido)) return 'ESPACO_INDISPONIVEL';
    const estado = { status: 'PENDENTE_PAGAMENTO', paga: false, volta: undefined, devolvida: false };
    this.reservas.push({ ...pedido, ...estado, expiraEm: this.now + 15 });
    return 'PENDENTE_PAGAMENTO';
  }

  advance(minutos: number): void {
    this.now += minutos;
    for (const r of this.reservas) {
      if (r.status === 'PENDENTE_PAGAMENTO' && r.expiraEm <= this.now) r.status = 'EXPIRANDO';
      if (r.status === 'CONFIRMADA' && r.fim <= this.now) r.status = 'CONCLUIDA';
    }
  }

  pagar(r: ModelReserva): void {
    if (r.paga) return;
    r.paga = true;
    const volta = r.status === 'EXPIRADA' && this.now < r.inicio && this.livre(r);
    if (volta || this.ocupa(r)) r.status = 'CONFIRMADA';
    else r.devolvida = true;
  }

  /** Nobody had paid the charge when it was closed; where it is paid, these are old news. */
  encerrarCobranca(r: ModelReserva): void {
    if (this.ocupa(r) && r.status !== 'CONFIRMADA') r.status = 'EXPIRADA';
  }

  cancelar(r: ModelReserva, admin: boolean): string {
    if (r.status === 'CANCELADA') return 'CANCELADA';
    const faltam = r.inicio - this.now;
    if (r.paga && this.ocupa(r) && faltam < 720 && !admin) return 'CANCELAMENTO_FORA_DO_PRAZO';
    if (!this.ocupa(r)) return 'TRANSICAO_INVALIDA';
    r.volta = !r.paga || faltam < 720 ? 0 : faltam < 1440 ? 50 : 100;
    r.status = 'CANCELADA';
    return 'CANCELADA';
  }
}
