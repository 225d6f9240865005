// Measures calls of the Rust crate as ../../calls.cpp measures ours: the same arguments, the same line of JSON. Values
// that the crate takes by move are copied outside of the measured time.
use chroma::client::{ChromaHttpClient, ChromaHttpClientOptions};
use chroma::ChromaCollection;
use chroma_types::{Include, IncludeList};
use crate_bench::{cpu_seconds, peak_megabytes};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::Instant;

const ROWS: usize = 1000;
const WIDTH: usize = 1536;

/// Normally distributed, nearly.
fn matrix() -> Vec<Vec<f32>> {
    let mut seed: u64 = 1;
    let mut uniform = || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut normal = || ((0..12).map(|_| uniform()).sum::<f64>() - 6.0) as f32;
    (0..ROWS).map(|_| (0..WIDTH).map(|_| normal()).collect()).collect()
}

/// What the calls took, without the copies.
#[derive(Default)]
struct Used {
    wall: f64,
    cpu: f64,
}

async fn heartbeats(client: &ChromaHttpClient, calls: usize, in_flight: usize) -> Used {
    let left = Arc::new(AtomicUsize::new(calls));
    let mut workers = tokio::task::JoinSet::new();
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    for _ in 0..in_flight {
        let (client, left) = (client.clone(), left.clone());
        workers.spawn(async move {
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok() {
                client.heartbeat().await.unwrap();
            }
        });
    }
    while let Some(end) = workers.join_next().await {
        end.unwrap();
    }
    Used { wall: wall.elapsed().as_secs_f64(), cpu: cpu_seconds() - cpu }
}

async fn one_by_one(collection: &ChromaCollection, operation: &str, calls: usize, given: &Given) -> Used {
    let mut used = Used::default();
    for _ in 0..calls {
        let (ids, rows) = (given.ids.clone(), given.rows.clone());
        let (wall, cpu) = (Instant::now(), cpu_seconds());
        match operation {
            "upsert" => {
                collection.upsert(ids, rows, None, None, None).await.unwrap();
            }
            "get" => {
                let include = Some(IncludeList(vec![Include::Embedding]));
                let response = collection.get(None, None, None, None, include).await.unwrap();
                assert_eq!(response.embeddings.unwrap().len(), ROWS);
            }
            _ => {
                collection.query(rows, None, None, None, None).await.unwrap();
            }
        }
        used.wall += wall.elapsed().as_secs_f64();
        used.cpu += cpu_seconds() - cpu;
    }
    used
}

struct Given {
    ids: Vec<String>,
    rows: Vec<Vec<f32>>,
}

impl Given {
    fn of(operation: &str) -> Given {
        match operation {
            "upsert" => Given { ids: (0..ROWS).map(|i| format!("id-{i}")).collect(), rows: matrix() },
            "query" => Given { ids: vec![], rows: vec![vec![0.123456; WIDTH]] },
            _ => Given { ids: vec![], rows: vec![] },
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, url, operation, calls, in_flight] = args.as_slice() else {
        panic!("usage: crate_bench URL heartbeat|upsert|get|query CALLS IN_FLIGHT");
    };
    let (calls, in_flight): (usize, usize) = (calls.parse().unwrap(), in_flight.parse().unwrap());
    assert!(in_flight == 1 || operation == "heartbeat", "only heartbeats have more than one in flight");
    let client = ChromaHttpClient::new(ChromaHttpClientOptions {
        endpoint: url.parse().unwrap(),
        tenant_id: Some("t".into()),
        database_name: Some("d".into()),
        ..Default::default()
    });
    let collection = client.get_collection("c").await.unwrap();
    let given = Given::of(operation);
    let first_copy = (given.ids.clone(), given.rows.clone());
    let memory_before = peak_megabytes();
    drop(first_copy);
    // The first calls open the connections.
    let mut used = Used::default();
    for count in [in_flight, calls] {
        used = match operation.as_str() {
            "heartbeat" => heartbeats(&client, count, in_flight).await,
            _ => one_by_one(&collection, operation, count, &given).await,
        };
    }
    println!(
        "{{\"wall_seconds\": {}, \"cpu_seconds\": {}, \"megabytes\": {}}}",
        used.wall,
        used.cpu,
        peak_megabytes() - memory_before
    );
}
