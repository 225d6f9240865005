// Measures BM25 of the Rust crate as ../../../embedding.cpp measures ours: the same arguments, the same line of JSON.
use chroma::embed::bm25::BM25SparseEmbeddingFunction;
use crate_bench::{cpu_seconds, peak_megabytes};
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, _, _, path, count, calls] = args.as_slice() else {
        panic!("usage: bm25 bm25 - FILE TEXTS CALLS");
    };
    let (count, calls): (usize, usize) = (count.parse().unwrap(), calls.parse().unwrap());
    let file = std::fs::read_to_string(path).unwrap();
    let texts: Vec<&str> = file.lines().take(count).collect();
    let function = BM25SparseEmbeddingFunction::default_murmur3_abs();
    let encode_all = || {
        for text in &texts {
            assert!(function.encode(text).unwrap().indices.len() <= text.len());
        }
    };
    encode_all();
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    for _ in 0..calls {
        encode_all();
    }
    println!(
        "{{\"wall_seconds\": {}, \"cpu_seconds\": {}, \"megabytes\": {}, \"texts\": {}}}",
        wall.elapsed().as_secs_f64(),
        cpu_seconds() - cpu,
        peak_megabytes(),
        texts.len() * calls
    );
}
