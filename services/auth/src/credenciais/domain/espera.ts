/** How long somebody has to wait, as one says it: `45 segundos`, `30 minutos`, `1 hora`. Never less than it is. */
export function esperaEscrita(segundos: number): string {
  if (segundos <= 90) return contado(segundos, 'segundo');
  const minutos = Math.ceil(segundos / 60);
  return minutos < 120 ? contado(minutos, 'minuto') : contado(Math.ceil(segundos / 3600), 'hora');
}

const contado = (quantos: number, oQue: string) => `${quantos} ${oQue}${quantos === 1 ? '' : 's'}`;
