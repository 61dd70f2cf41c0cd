// Two notes, made on the spot; a browser plays them only after the first tap on the page.
let audio;
export function ring() {
  try {
    audio ||= new AudioContext();
    audio.resume();
    [[880, 0], [1175, 0.18]].forEach(([pitch, after]) => {
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      tone.frequency.value = pitch;
      tone.connect(loud).connect(audio.destination);
      const start = audio.currentTime + after;
      loud.gain.setValueAtTime(0.0001, start);
      loud.gain.exponentialRampToValueAtTime(0.3, start + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
      tone.start(start);
      tone.stop(start + 0.55);
    });
  } catch {
    // no sound card, no bell
  }
}
