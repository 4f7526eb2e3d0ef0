export default async function (
  e: EventUserPreCreate,
): Promise<EventUserPreCreateHookResponse> {
  const ip = e.context.ip_address ?? "";
  const url = `https://api.ipgeolocation.io/ipgeo?apiKey=MY_API_KEY&ip=${ip}`;
  const place = await (await fetch(url)).json();
  console.log(`asked for ${ip}`);
  return {
    is_allowed: true,
    mutations: {
      user: {
        custom_attributes: {
          city: place.city,
          country: place.country_name,
          timezone: place.time_zone.name,
        },
      },
    },
  };
}
