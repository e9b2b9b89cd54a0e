import type { Dinheiro } from '@plataforma/domain/dinheiro';

/** `R$ 1.234,50`, with a no-break space after the symbol. Exact for any amount. */
export function emDinheiro({ centavos, moeda }: Dinheiro): string {
  const sinal = centavos < 0n ? '-' : '';
  const digitos = String(centavos < 0n ? -centavos : centavos).padStart(3, '0');
  const decimal = `${sinal}${digitos.slice(0, -2)}.${digitos.slice(-2)}` as Intl.StringNumericLiteral;
  return formatoDe(moeda).format(decimal);
}

// Making a format takes far longer than using it.
const formatos = new Map<string, Intl.NumberFormat>();

function formatoDe(moeda: string): Intl.NumberFormat {
  const pronto =
    formatos.get(moeda) ?? new Intl.NumberFormat('pt-BR', { style: 'currency', currency: moeda });
  formatos.set(moeda, pronto);
  return pronto;
}

/** `2 h 30 min` */
export function emDuracao(minutos: number): string {
  const horas = Math.floor(minutos / 60);
  const resto = minutos % 60;
  return [...(horas > 0 ? [`${horas} h`] : []), ...(resto > 0 ? [`${resto} min`] : [])].join(' ');
}

const fatores = new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 2 });

/** `1,5` from hundredths. */
export function emFator(centesimos: number): string {
  return fatores.format(centesimos / 100);
}
