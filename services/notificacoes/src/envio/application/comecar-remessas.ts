import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { ehDespedida } from '../../modelos/domain/aviso.ts';
import { quer } from '../../preferencias/domain/preferencias.ts';
import { diaDe, diaSeguinte, trazCodigo } from '../domain/limite-diario.ts';
import { esperarSilencio } from './esperar-silencio.ts';
import type { Destino, Faixa, Remessa } from './faixa.ts';
import type { MarcasDeEnvio } from './marcas-de-envio.ts';
import { type Dispensada, suprimir } from './notas-de-envio.ts';
import type { Conta, NotificacaoComecada, NotificacaoTomada, Transacao } from './ports.ts';

interface Deps<D extends Destino> {
  readonly clock: Clock;
  readonly faixa: Pick<Faixa<D>, 'destino' | 'cota'>;
  readonly marcas: Pick<MarcasDeEnvio, 'tem'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/** Messages that the provider may be handed now. */
export interface Pronta<D> {
  readonly remessa: Remessa;
  readonly destino: D;
}

/** Why a message goes no further. One that is held back, or that this sender has not any more, is none of these. */
export type Parada = 'ENVIADA' | 'SUPRIMIDA' | 'GUARDADA';

/** What became of messages whose turn has come. */
export interface Comeco<D> {
  readonly prontas: readonly Pronta<D>[];
  readonly paradas: readonly Parada[];
  /** Held back by now: they go back as they were. */
  readonly retidas: readonly NotificacaoTomada[];
}

/**
 * Asks for a few messages at once, just before they are sent, what may have changed since they were leased: whether they are still
 * ours, who their readers are and what they want. Then takes what they take of the shares of the day. Two transactions, however many
 * there are: no message is sent by what was known of it at the lease.
 */
export class ComecarRemessas<D extends Destino> {
  readonly #deps: Deps<D>;

  constructor(deps: Deps<D>) {
    this.#deps = deps;
  }

  async execute(remessas: readonly (readonly NotificacaoTomada[])[]): Promise<Comeco<D>> {
    const { marcas, uow } = this.#deps;
    // Their marks are tried again by themselves; their leases have ended meanwhile.
    const novas = remessas.map((remessa) => remessa.filter(({ id }) => !marcas.tem(id)));
    const todas = novas.flat();
    const leitores = await uow.run(({ saida }) => saida.comecar(todas));
    const retidas = todas.filter(({ id }) => leitores.get(id) === 'RETIDA');
    const comeco = new ComecoAberto<D>(retidas, remessas.flat().length - todas.length);
    for (const remessa of novas) {
      const comecadas = remessa.flatMap((tomada): NotificacaoComecada[] => {
        const leitor = leitores.get(tomada.id);
        return leitor === undefined || leitor === 'RETIDA' ? [] : [{ ...tomada, ...leitor }];
      });
      await this.#aprontar(comeco, comecadas);
    }
    await this.#anotar(comeco);
    return comeco;
  }

  /** What is not to be sent of them is left out. */
  async #aprontar(comeco: ComecoAberto<D>, comecadas: readonly NotificacaoComecada[]): Promise<void> {
    const vivas: NotificacaoComecada[] = [];
    for (const comecada of comecadas) {
      const detalhe = porQueNao(comecada, this.#deps.clock.now());
      if (detalhe !== undefined) comeco.dispensar([comecada], detalhe);
      else if (await esperarSilencio(this.#deps, comecada)) comeco.paradas.push('GUARDADA');
      else vivas.push(comecada);
    }
    const [primeira, ...outras] = vivas;
    if (primeira === undefined) return;
    const destino = await this.#deps.faixa.destino(primeira);
    if (destino === undefined) comeco.dispensar(vivas, 'nowhere to go');
    else comeco.prontas.push({ remessa: [primeira, ...outras], destino });
  }

  /**
   * What a share has no room for today goes back, and is sent tomorrow; what is no news any more by then is given up, so
   * that its code is not kept till then. Those that go together are one.
   */
  async #anotar(comeco: ComecoAberto<D>): Promise<void> {
    const { clock, faixa, uow } = this.#deps;
    const agora = clock.now();
    const amanha = diaSeguinte(agora);
    const contas = comeco.prontas.flatMap(({ remessa, destino }): Conta[] => {
      const cota = faixa.cota(remessa, destino);
      return cota === undefined ? [] : [{ tomada: remessa[0], cota }];
    });
    if (contas.length === 0 && comeco.dispensadas.length === 0) return;
    const tarde = ({ validoAte }: NotificacaoTomada) => validoAte !== undefined && validoAte <= amanha;
    const semLugar = await uow.run(async (tx) => {
      const fora = contas.length === 0 ? new Set<string>() : await tx.saida.contar(contas, diaDe(agora));
      const sobram = comeco.prontas
        .filter(({ remessa }) => fora.has(remessa[0].id))
        .flatMap(({ remessa }) => remessa);
      const velhas = sobram.filter(tarde).map((tomada) => ({ tomada, detalhe: 'no room today' }));
      await suprimir(tx, [...comeco.dispensadas, ...velhas], agora);
      for (const tomada of sobram) if (!tarde(tomada)) await tx.saida.guardarPara(tomada, amanha);
      return fora;
    });
    comeco.semLugar(semLugar, tarde);
  }
}

/** Undefined for a message that is to be sent. */
function porQueNao(comecada: NotificacaoComecada, agora: Date): string | undefined {
  const { contato, validoAte, devolve, preferencias } = comecada;
  if (contato === undefined && !ehDespedida(comecada)) return 'account removed';
  if (validoAte !== undefined && validoAte <= agora) return 'too late';
  if (devolve && !trazCodigo(comecada)) return 'address sends back';
  return quer(preferencias, comecada) ? undefined : 'not wanted';
}

/** A {@link Comeco} that is still being found out. */
class ComecoAberto<D> implements Comeco<D> {
  prontas: Pronta<D>[] = [];
  readonly paradas: Parada[];
  readonly retidas: readonly NotificacaoTomada[];
  readonly dispensadas: Dispensada[] = [];

  constructor(retidas: readonly NotificacaoTomada[], enviadas: number) {
    this.retidas = retidas;
    this.paradas = Array.from({ length: enviadas }, () => 'ENVIADA');
  }

  dispensar(comecadas: readonly NotificacaoComecada[], detalhe: string): void {
    for (const tomada of comecadas) {
      this.dispensadas.push({ tomada, detalhe });
      this.paradas.push('SUPRIMIDA');
    }
  }

  semLugar(ids: ReadonlySet<string>, tarde: (tomada: NotificacaoTomada) => boolean): void {
    const fica = ({ remessa: [{ id }] }: Pronta<D>) => !ids.has(id);
    const sobram = this.prontas.filter((pronta) => !fica(pronta)).flatMap(({ remessa }) => remessa);
    this.prontas = this.prontas.filter(fica);
    for (const tomada of sobram) this.paradas.push(tarde(tomada) ? 'SUPRIMIDA' : 'GUARDADA');
  }
}
