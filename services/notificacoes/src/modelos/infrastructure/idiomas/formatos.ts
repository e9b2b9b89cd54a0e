import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { type Catalogo, preencher } from './textos.ts';

/** How dates, money and lists are written in one language. */
export interface Formatos {
  /**
   * A period in the wall time of a zone: `terça-feira, 24 de novembro de 2026, das 14:00 às 16:00 (horário de São Paulo)`.
   */
  periodo(inicio: Date, fim: Date, fuso: string): string;
  /** `24/11/2026 às 14:00`, for where there is little room. */
  inicioCurto(inicio: Date, fuso: string): string;
  /** `24/11 às 14:00`, for where there is none. */
  inicioMinimo(inicio: Date, fuso: string): string;
  /** `14:15`, for an instant that is near. */
  hora(instante: Date, fuso: string): string;
  /** `24/11/2026 às 14:15 (horário de São Paulo)`. */
  instante(instante: Date, fuso: string): string;
  /** `14:15 (horário de São Paulo)`, for an instant that is near. */
  horaComFuso(instante: Date, fuso: string): string;
  /** `R$ 1.234,50` with a no-break space. Exact for any amount: cents never become a floating point number. */
  dinheiro(dinheiro: Dinheiro): string;
  /** `a, b e c`. */
  lista(itens: readonly string[]): string;
}

type PorFuso = Readonly<Record<'dia' | 'data' | 'diaEMes' | 'hora', Intl.DateTimeFormat>>;

/** The formats of the language of a catalogue, which has the words between dates and hours. */
export function createFormatos(codigo: string, textos: Catalogo): Formatos {
  const lista = new Intl.ListFormat(codigo);
  // Making a format takes longer than all the rest of a message; there are only so many time zones and currencies.
  const doFuso = lembrado((fuso): PorFuso => {
    const format = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(codigo, { timeZone: fuso, ...options });
    return {
      dia: format({ dateStyle: 'full' }),
      data: format({ day: '2-digit', month: '2-digit', year: 'numeric' }),
      diaEMes: format({ day: '2-digit', month: '2-digit' }),
      hora: format({ hour: '2-digit', minute: '2-digit' }),
    };
  });
  const daMoeda = lembrado((moeda) => new Intl.NumberFormat(codigo, { style: 'currency', currency: moeda }));
  const hora = (instante: Date, fuso: string) => doFuso(fuso).hora.format(instante);
  const inicioCurto = (inicio: Date, fuso: string) =>
    preencher(textos, 'formatos.inicioCurto', {
      data: doFuso(fuso).data.format(inicio),
      hora: hora(inicio, fuso),
    });
  const nomeDoFuso = (fuso: string) => {
    const lugar = textos.get(`fusos.${fuso}`);
    return lugar === undefined
      ? preencher(textos, 'formatos.fusoSemNome', { fuso })
      : preencher(textos, 'formatos.fusoDoLugar', { lugar: String(lugar.format()) });
  };
  return {
    periodo(inicio, fim, fuso) {
      const [dia, ultimoDia] = [inicio, fim].map((instante) => doFuso(fuso).dia.format(instante));
      const partes = { dia: dia ?? '', das: hora(inicio, fuso), as: hora(fim, fuso), fuso: nomeDoFuso(fuso) };
      if (dia === ultimoDia) return preencher(textos, 'formatos.noMesmoDia', partes);
      return preencher(textos, 'formatos.entreDias', { ...partes, ultimoDia: ultimoDia ?? '' });
    },
    inicioCurto,
    inicioMinimo: (inicio, fuso) =>
      preencher(textos, 'formatos.inicioMinimo', {
        data: doFuso(fuso).diaEMes.format(inicio),
        hora: hora(inicio, fuso),
      }),
    hora,
    instante: (instante, fuso) =>
      preencher(textos, 'formatos.instante', {
        inicio: inicioCurto(instante, fuso),
        fuso: nomeDoFuso(fuso),
      }),
    horaComFuso: (instante, fuso) =>
      preencher(textos, 'formatos.horaComFuso', { hora: hora(instante, fuso), fuso: nomeDoFuso(fuso) }),
    dinheiro({ centavos, moeda }) {
      const sinal = centavos < 0n ? '-' : '';
      const digitos = (centavos < 0n ? -centavos : centavos).toString().padStart(3, '0');
      const decimal = `${sinal}${digitos.slice(0, -2)}.${digitos.slice(-2)}`;
      return daMoeda(moeda).format(decimal as Intl.StringNumericLiteral);
    },
    lista: (itens) => lista.format(itens),
  };
}

function lembrado<T>(fazer: (chave: string) => T): (chave: string) => T {
  const feitos = new Map<string, T>();
  return (chave) => {
    const feito = feitos.get(chave) ?? fazer(chave);
    feitos.set(chave, feito);
    return feito;
  };
}
