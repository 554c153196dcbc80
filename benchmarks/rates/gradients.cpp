#include "driver.cpp"  // first of all, or a precompiled header is not taken

// How many times a second a Stan program's gradient is evaluated, as the sampler evaluates it: unconstrained scale, with
// Jacobian, without constants.
//
// Standard input as for driver.cpp, without terms: the data, 0, and the points, which are taken in turn. `wanted` is how
// long to go on, in seconds of processor time. Standard output is the number of evaluations and the seconds.

#include <stan/model/gradient.hpp>

#include <ctime>

namespace {

double processor_seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

std::vector<Eigen::VectorXd> read_points(const stan::model::model_base& model) {
  std::vector<Eigen::VectorXd> points(hiercomp::count());
  for (Eigen::VectorXd& point : points) {
    hiercomp::variables values;
    values.read();
    stan::io::array_var_context context = values.context();
    std::vector<double> at;
    std::vector<int> none;
    model.transform_inits(context, none, at, nullptr);
    point = Eigen::Map<Eigen::VectorXd>(at.data(), at.size());
  }
  return points;
}

}  // namespace

extern "C" int count_gradients(double wanted) {
  try {
    hiercomp::variables data;
    data.read();
    hiercomp::count();
    stan::io::array_var_context context = data.context();
    hiercomp::model_pointer model(&new_model(context, 1, nullptr));
    const std::vector<Eigen::VectorXd> points = read_points(*model);
    stan::callbacks::logger quiet;
    double value;
    Eigen::VectorXd slopes;
    const auto all_points = [&] {
      for (const Eigen::VectorXd& point : points) {
        Eigen::VectorXd at = point;
        stan::model::gradient(*model, at, value, slopes, quiet);
      }
    };
    for (int warming = 0; warming < 20; ++warming) all_points();
    size_t rounds = 0;
    const double start = processor_seconds();
    double elapsed = 0;
    for (size_t next = 1; elapsed < wanted; elapsed = processor_seconds() - start) {
      for (; rounds < next; ++rounds) all_points();
      next = rounds + 1 + (elapsed < 0.01 ? rounds : 0);
    }
    std::printf("%zu %.9f\n", rounds * points.size(), elapsed);
    return 0;
  } catch (const std::exception& error) {
    std::fputs(error.what(), stderr);
    return 1;
  }
}
