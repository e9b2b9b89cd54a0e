import { type ModelReserva, type Pedido, ReferenceModel } from '../reference-model.ts';

/** What a place in line is reduced to. */
export interface ModelEntrada extends Pedido {
  status: string;
  oferta: ModelReserva | undefined;
}

const ANTECEDENCIA = 120;
const OFERTA = 30;

/** The rules of the waitlist, on top of those of reservations. Looks at everything every time: it needs no marks. */
export class FilaModel extends ReferenceModel {
  readonly entradas: ModelEntrada[] = [];

  override criar(pedido: Pedido): string {
    const livre = pedido.inicio - this.now >= ANTECEDENCIA && !this.noLimite(pedido) && this.livre(pedido);
    return livre && this.prometida(pedido) ? 'ESPACO_INDISPONIVEL' : super.criar(pedido);
  }

  override pagar(r: ModelReserva): void {
    super.pagar(r);
    this.#seguir(r);
  }

  override encerrarCobranca(r: ModelReserva): void {
    super.encerrarCobranca(r);
    this.#seguir(r);
  }

  override cancelar(r: ModelReserva, admin: boolean): string {
    const desfecho = super.cancelar(r, admin);
    this.#seguir(r);
    return desfecho;
  }

  override advance(minutos: number): void {
    super.advance(minutos);
    for (const e of this.#esperando()) if (e.inicio - this.now <= ANTECEDENCIA) e.status = 'ENCERRADA';
  }

  entrar(pedido: Pedido): string {
    const mesma = this.entradas.find(
      (e) =>
        ['AGUARDANDO', 'OFERTADA'].includes(e.status) &&
        e.cliente === pedido.cliente &&
        e.espaco === pedido.espaco &&
        e.inicio === pedido.inicio &&
        e.fim === pedido.fim,
    );
    if (mesma) return mesma.status;
    if (pedido.inicio - this.now < ANTECEDENCIA) return 'ANTECEDENCIA_MINIMA';
    if (this.livre(pedido) && !this.prometida(pedido)) return 'VAGA_DISPONIVEL';
    this.entradas.push({ ...pedido, status: 'AGUARDANDO', oferta: undefined });
    return 'AGUARDANDO';
  }

  sair(e: ModelEntrada): string {
    if (e.status === 'AGUARDANDO') e.status = 'CANCELADA';
    if (e.status === 'OFERTADA' && e.oferta) this.cancelar(e.oferta, false);
    return e.status;
  }

  /** Offers what is free, first come first served. @returns who got something. */
  atender(): ModelEntrada[] {
    const atendidas: ModelEntrada[] = [];
    for (;;) {
      const primeira = this.#esperando().find((e) => this.#atendivel(e) && !this.noLimite(e));
      if (!primeira) return atendidas;
      const { cliente, espaco, inicio, fim } = primeira;
      const estado = { status: 'PENDENTE_PAGAMENTO', paga: false, volta: undefined, devolvida: false };
      primeira.oferta = { cliente, espaco, inicio, fim, ...estado, expiraEm: this.now + OFERTA };
      primeira.status = 'OFERTADA';
      this.reservas.push(primeira.oferta);
      atendidas.push(primeira);
    }
  }

  posicao(e: ModelEntrada): number {
    if (e.status !== 'AGUARDANDO') return 0;
    const antes = this.#esperando().slice(0, this.#esperando().indexOf(e));
    return 1 + antes.filter((a) => a.espaco === e.espaco && a.inicio < e.fim && e.inicio < a.fim).length;
  }

  /** Whoever stands in line as well is before those who want some of what they wait for themselves. */
  prometida(pedido: Pedido): boolean {
    const podem = this.#esperando().filter((e) => this.#disputam(pedido, e) && this.#atendivel(e));
    return podem.some((e, i) => {
      const antes = podem.slice(0, i).filter(({ cliente }) => cliente === pedido.cliente);
      const sua = e.cliente === pedido.cliente || antes.some((a) => this.#disputam(a, e));
      return !sua && !this.noLimite(e);
    });
  }

  #disputam(a: Pedido, b: Pedido): boolean {
    const folga = this.folgas[a.espaco] ?? 0;
    return a.espaco === b.espaco && a.inicio < b.fim + folga && b.inicio < a.fim + folga;
  }

  #esperando(): ModelEntrada[] {
    return this.entradas.filter(({ status }) => status === 'AGUARDANDO');
  }

  #atendivel(e: ModelEntrada): boolean {
    return e.inicio - this.now > ANTECEDENCIA && this.livre(e);
  }

  #seguir(r: ModelReserva): void {
    const e = this.entradas.find(({ oferta }) => oferta === r);
    if (!e || (e.status !== 'OFERTADA' && e.status !== 'EXPIRADA')) return;
    if (r.status === 'CONFIRMADA') e.status = 'ATENDIDA';
    if (e.status === 'OFERTADA' && (r.status === 'EXPIRADA' || r.status === 'CANCELADA')) e.status = r.status;
  }
}
